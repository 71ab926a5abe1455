<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>What the importance matrix covers (%n matrix(es), least data first)</source>
        <translation>
            <numerusform>What the importance matrix covers (%n matrix, least data first)</numerusform>
            <numerusform>What the importance matrix covers (%n matrices, least data first)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n observation(s)</source>
        <translation>
            <numerusform>%n observation</numerusform>
            <numerusform>%n observations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) failed: {0}. What they were to show is missing here.</source>
        <translation>
            <numerusform>%n job failed: {0}. What it was to show is missing here.</numerusform>
            <numerusform>%n jobs failed: {0}. What they were to show is missing here.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) was/were cancelled.</source>
        <translation>
            <numerusform>%n job was cancelled.</numerusform>
            <numerusform>%n jobs were cancelled.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) is/are not finished; this verdict may change.</source>
        <translation>
            <numerusform>%n job is not finished; this verdict may change.</numerusform>
            <numerusform>%n jobs are not finished; this verdict may change.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>up to %n comparison(s)</source>
        <translation>
            <numerusform>up to %n comparison</numerusform>
            <numerusform>up to %n comparisons</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n comparison(s)</source>
        <translation>
            <numerusform>%n comparison</numerusform>
            <numerusform>%n comparisons</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Duel</name>
    <message numerus="yes">
        <source>They write the same %n token(s), then part.</source>
        <translation>
            <numerusform>They write the same %n token, then part.</numerusform>
            <numerusform>They write the same %n tokens, then part.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The same so far: %n token(s).</source>
        <translation>
            <numerusform>The same so far: %n token.</numerusform>
            <numerusform>The same so far: %n tokens.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Failures</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Foot</name>
    <message numerus="yes">
        <source>%n model(s) measured</source>
        <translation>
            <numerusform>%n model measured</numerusform>
            <numerusform>%n models measured</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HubSearch</name>
    <message numerus="yes">
        <source>%n repository(ies)</source>
        <translation>
            <numerusform>%n repository</numerusform>
            <numerusform>%n repositories</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JobNotices</name>
    <message numerus="yes">
        <source>%n more job(s) of the study failed.</source>
        <translation>
            <numerusform>%n more job of the study failed.</numerusform>
            <numerusform>%n more jobs of the study failed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) of “{0}” are cancelled. What they have measured is kept.</source>
        <translation>
            <numerusform>%n job of “{0}” is cancelled. What it has measured is kept.</numerusform>
            <numerusform>%n jobs of “{0}” are cancelled. What they have measured is kept.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message numerus="yes">
        <source>%n more message(s)</source>
        <translation>
            <numerusform>%n more message</numerusform>
            <numerusform>%n more messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StudiesModel</name>
    <message numerus="yes">
        <source>%n job(s) failed</source>
        <translation>
            <numerusform>%n job failed</numerusform>
            <numerusform>%n jobs failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StudyHead</name>
    <message numerus="yes">
        <source>Running: {0}. %n job(s) to do.</source>
        <translation>
            <numerusform>Running: {0}. %n job to do.</numerusform>
            <numerusform>Running: {0}. %n jobs to do.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Paused. %n job(s) to do.</source>
        <translation>
            <numerusform>Paused. %n job to do.</numerusform>
            <numerusform>Paused. %n jobs to do.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Waiting: %n job(s) to do.</source>
        <translation>
            <numerusform>Waiting: %n job to do.</numerusform>
            <numerusform>Waiting: %n jobs to do.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) did not succeed.</source>
        <translation>
            <numerusform>%n job did not succeed.</numerusform>
            <numerusform>%n jobs did not succeed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Interrupted: %n job(s) to do.</source>
        <translation>
            <numerusform>Interrupted: %n job to do.</numerusform>
            <numerusform>Interrupted: %n jobs to do.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) stop or do not start. What is measured already stays, and the study can go on from there.</source>
        <translation>
            <numerusform>%n job stops or does not start. What is measured already stays, and the study can go on from there.</numerusform>
            <numerusform>%n jobs stop or do not start. What is measured already stays, and the study can go on from there.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Tokenizer</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stretch(es) differ, marked with ≠.</source>
        <translation>
            <numerusform>%n stretch differs, marked with ≠.</numerusform>
            <numerusform>%n stretches differ, marked with ≠.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TypesModel</name>
    <message numerus="yes">
        <source>%n tensor(s) fall back to a larger type</source>
        <translation>
            <numerusform>%n tensor falls back to a larger type</numerusform>
            <numerusform>%n tensors fall back to a larger type</numerusform>
        </translation>
    </message>
</context>
</TS>
