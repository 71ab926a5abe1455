"""The study builder: a form over :class:`lab_app.studies.draft.Draft`, one file a part."""
