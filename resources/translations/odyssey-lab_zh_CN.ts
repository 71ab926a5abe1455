<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>What the importance matrix covers (%n matrix(es), least data first)</source>
        <translation>
            <numerusform>重要性矩阵的覆盖情况（%n 个矩阵，数据最少者在前）</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n 字节</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n 道题</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n observation(s)</source>
        <translation>
            <numerusform>%n 个观测值</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) failed: {0}. What they were to show is missing here.</source>
        <translation>
            <numerusform>%n 个任务失败：{0}。它们本应给出的结果在此缺失。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) was/were cancelled.</source>
        <translation>
            <numerusform>%n 个任务已取消。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) is/are not finished; this verdict may change.</source>
        <translation>
            <numerusform>%n 个任务尚未完成，结论可能会变。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>up to %n comparison(s)</source>
        <translation>
            <numerusform>最多 %n 次比较</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n comparison(s)</source>
        <translation>
            <numerusform>%n 次比较</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>另外 %n 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AlignedModel</name>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Tokens of the first model</source>
        <translation>第一个模型的词元</translation>
    </message>
    <message>
        <source>Tokens of the second model</source>
        <translation>第二个模型的词元</translation>
    </message>
    <message>
        <source>{0}, different</source>
        <translation>{0}，不同</translation>
    </message>
</context>
<context>
    <name>AppearanceCard</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
</context>
<context>
    <name>Builder</name>
    <message>
        <source>Name of the study</source>
        <translation>研究名称</translation>
    </message>
    <message>
        <source>More: importance matrix, overrides, KV cache</source>
        <translation>更多：重要性矩阵、逐张量覆盖、KV 缓存</translation>
    </message>
    <message>
        <source>Study file…</source>
        <translation>研究文件…</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Start the study</source>
        <translation>开始研究</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>New study</source>
        <translation>新建研究</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Which model?</source>
        <translation>哪个模型？</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>比较对象</translation>
    </message>
    <message>
        <source>Which quant types?</source>
        <translation>哪些量化类型？</translation>
    </message>
    <message>
        <source>What do you want to know?</source>
        <translation>您想知道什么？</translation>
    </message>
    <message>
        <source>Base: everything is compared with it</source>
        <translation>基准：其他都与它比较</translation>
    </message>
    <message>
        <source>reading {0} for its checksum: {1} %</source>
        <translation>正在读取 {0} 以计算校验和：{1} %</translation>
    </message>
    <message>
        <source>Choose the models first.</source>
        <translation>请先选择模型。</translation>
    </message>
    <message>
        <source>Choose at least one question.</source>
        <translation>请至少选择一个问题。</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) measured</source>
        <translation>
            <numerusform>测量 %n 个模型</numerusform>
        </translation>
    </message>
    <message>
        <source>about {0} on this machine</source>
        <translation>在本机上约需 {0}</translation>
    </message>
    <message>
        <source>roughly {0} (nothing measured here yet)</source>
        <translation>大致 {0}（本机尚无测量记录）</translation>
    </message>
    <message>
        <source>{0} of disk for the files</source>
        <translation>文件占用磁盘 {0}</translation>
    </message>
    <message>
        <source>From the file {0}.</source>
        <translation>来自文件 {0}。</translation>
    </message>
    <message>
        <source>Changed: it runs as a copy, and {0} stays as it is. “Study file…” saves over it.</source>
        <translation>已更改：将以副本运行，{0} 保持原样。可用“研究文件…”保存覆盖它。</translation>
    </message>
</context>
<context>
    <name>Closing</name>
    <message>
        <source>Jobs are running</source>
        <translation>有任务正在运行</translation>
    </message>
    <message>
        <source>Jobs that have not ended: {0}.</source>
        <translation>尚未结束的任务：{0}。</translation>
    </message>
    <message>
        <source>Keep running: the window closes and the work goes on to its end. Starting the program again shows it.

Pause: what is measured is kept, and the next start offers to continue.

Cancel the jobs: what is measured is kept, but nothing is continued by itself.</source>
        <translation>继续运行：窗口关闭，工作进行到底；再次启动程序即可看到。

暂停：已测量的内容会保留，下次启动时可选择继续。

取消任务：已测量的内容会保留，但不会自动继续。</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>继续运行</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Cancel the jobs</source>
        <translation>取消任务</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>留在窗口</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Type what you want to do</source>
        <translation>输入您想做的事</translation>
    </message>
    <message>
        <source>Search commands</source>
        <translation>搜索命令</translation>
    </message>
    <message>
        <source>Commands found</source>
        <translation>找到的命令</translation>
    </message>
    <message>
        <source>Enter runs it. Ctrl+C copies the command line that does the same.</source>
        <translation>回车执行；Ctrl+C 复制效果相同的命令行。</translation>
    </message>
    <message>
        <source>There is no command line for this.</source>
        <translation>此操作没有对应的命令行。</translation>
    </message>
    <message>
        <source>Copied: {0}</source>
        <translation>已复制：{0}</translation>
    </message>
</context>
<context>
    <name>Compared</name>
    <message>
        <source>Only with the quant types chosen below.</source>
        <translation>仅与下面选择的量化类型比较。</translation>
    </message>
    <message>
        <source>Add a file</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Add a KV cache type</source>
        <translation>添加 KV 缓存类型</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>Not finished when the program last ended: {0}.</source>
        <translation>程序上次结束时尚未完成：{0}。</translation>
    </message>
    <message>
        <source>What is measured is kept.</source>
        <translation>已测量的内容会保留。</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>Details</name>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Try this job again</source>
        <translation>重试此任务</translation>
    </message>
    <message>
        <source>The program ended before this job had. It goes on after what it has measured.</source>
        <translation>程序在此任务完成之前就结束了。它会从已测量之处继续。</translation>
    </message>
</context>
<context>
    <name>Duel</name>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>What both models are to continue or to answer</source>
        <translation>要两个模型续写或回答的内容</translation>
    </message>
    <message>
        <source>As a question, through the chat template</source>
        <translation>作为提问，使用聊天模板</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> 个词元</translation>
    </message>
    <message>
        <source>Tokens to write at most</source>
        <translation>最多生成的词元数</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Choose two files and write a prompt. Both write at once, greedily; the first token in which they differ is marked, with what each found probable there.</source>
        <translation>选择两个文件并写下提示词。两者同时以贪心方式生成；第一个不同的词元会被标出，并显示各自在此处认为可能的词元。</translation>
    </message>
    <message>
        <source>First model</source>
        <translation>第一个模型</translation>
    </message>
    <message>
        <source>Second model</source>
        <translation>第二个模型</translation>
    </message>
    <message>
        <source>Choose two files and write a prompt first.</source>
        <translation>请先选择两个文件并写下提示词。</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0} 和 {1}</translation>
    </message>
    <message>
        <source>Load them anyway</source>
        <translation>仍要加载</translation>
    </message>
    <message>
        <source>Don&apos;t load them</source>
        <translation>不加载</translation>
    </message>
    <message>
        <source>The files are read…</source>
        <translation>正在读取文件…</translation>
    </message>
    <message>
        <source>Both are loading…</source>
        <translation>两个模型正在加载…</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>ended its turn</source>
        <translation>已结束本轮</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>reached the length</source>
        <translation>达到长度上限</translation>
    </message>
    <message>
        <source>{0} tokens after a prompt of {1}, {2}; {3} tokens a second beside the other</source>
        <translation>提示词 {1} 个词元之后生成 {0} 个词元，{2}；与另一模型同时运行时每秒 {3} 个词元</translation>
    </message>
    <message numerus="yes">
        <source>They write the same %n token(s), then part.</source>
        <translation>
            <numerusform>前 %n 个词元相同，之后分开。</numerusform>
        </translation>
    </message>
    <message>
        <source>They part at the first token.</source>
        <translation>第一个词元就不同。</translation>
    </message>
    <message numerus="yes">
        <source>The same so far: %n token(s).</source>
        <translation>
            <numerusform>到目前为止相同：%n 个词元。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExplorePage</name>
    <message>
        <source>Explore</source>
        <translation>探索</translation>
    </message>
    <message>
        <source>Explore: {0}</source>
        <translation>探索：{0}</translation>
    </message>
</context>
<context>
    <name>Failures</name>
    <message>
        <source>What did not succeed</source>
        <translation>未成功的部分</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>还有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Try again: {0}</source>
        <translation>重试：{0}</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Log of {0}</source>
        <translation>{0} 的日志</translation>
    </message>
</context>
<context>
    <name>FigureTable</name>
    <message>
        <source>file</source>
        <translation>文件</translation>
    </message>
</context>
<context>
    <name>FigureView</name>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Show the numbers as a table</source>
        <translation>以表格显示数值</translation>
    </message>
    <message>
        <source>Save as PNG, SVG or CSV</source>
        <translation>另存为 PNG、SVG 或 CSV</translation>
    </message>
    <message>
        <source>Picture (PNG)…</source>
        <translation>图片 (PNG)…</translation>
    </message>
    <message>
        <source>Drawing (SVG)…</source>
        <translation>矢量图 (SVG)…</translation>
    </message>
    <message>
        <source>Numbers (CSV)…</source>
        <translation>数值 (CSV)…</translation>
    </message>
    <message>
        <source>A figure. Arrow keys read single values, + and − zoom, 0 shows everything. The button Table shows the same numbers as a table.</source>
        <translation>图表。方向键逐个读取数值，+ 和 − 缩放，0 显示全部。“表格”按钮以表格显示同样的数值。</translation>
    </message>
    <message>
        <source>Numbers of “{title}”</source>
        <translation>“{title}”的数值</translation>
    </message>
    <message>
        <source>Nothing is measured yet. Values appear here as they come.</source>
        <translation>尚无测量结果。数值产生后会显示在这里。</translation>
    </message>
    <message>
        <source>Value under the pointer</source>
        <translation>指针处的数值</translation>
    </message>
    <message>
        <source>Saved as {0}.</source>
        <translation>已保存为 {0}。</translation>
    </message>
    <message>
        <source>Save figure</source>
        <translation>保存图表</translation>
    </message>
    <message>
        <source>The file could not be saved: {why}.</source>
        <translation>无法保存文件：{why}。</translation>
    </message>
</context>
<context>
    <name>FilePart</name>
    <message>
        <source>Compared file {0}</source>
        <translation>比较文件 {0}</translation>
    </message>
    <message>
        <source>Name of compared file {0}</source>
        <translation>比较文件 {0} 的名称</translation>
    </message>
    <message>
        <source>Remove compared file {0}</source>
        <translation>移除比较文件 {0}</translation>
    </message>
    <message>
        <source>its name in the report</source>
        <translation>报告中的名称</translation>
    </message>
</context>
<context>
    <name>FileView</name>
    <message>
        <source>The study as a file</source>
        <translation>研究文件</translation>
    </message>
    <message>
        <source>Study file</source>
        <translation>研究文件</translation>
    </message>
    <message>
        <source>Command that runs the study without a window</source>
        <translation>不打开窗口运行此研究的命令</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Without a window:</source>
        <translation>不打开窗口：</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Copy the file</source>
        <translation>复制文件内容</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Save the study</source>
        <translation>保存研究</translation>
    </message>
    <message>
        <source>Studies (*.toml)</source>
        <translation>研究 (*.toml)</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已保存为 {0}</translation>
    </message>
</context>
<context>
    <name>FoldersCard</name>
    <message>
        <source>Model folders</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>Remove folder</source>
        <translation>移除文件夹</translation>
    </message>
    <message>
        <source>Searched for models beside the data folder and the caches of other programs. Nothing is moved or copied.</source>
        <translation>除数据文件夹和其他程序的缓存外，还会在这些文件夹中查找模型。不会移动或复制任何文件。</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add a folder of models</source>
        <translation>添加模型文件夹</translation>
    </message>
    <message>
        <source>{0} is not searched any more. Its files stay where they are.</source>
        <translation>不再在 {0} 中查找。其中的文件保持原处。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>HubFiles</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在本机上</translation>
    </message>
    <message>
        <source>Quant</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>位数</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>分卷数</translation>
    </message>
    <message>
        <source>Needs {0} at this context</source>
        <translation>在此上下文长度下需要 {0}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>HubSearch</name>
    <message>
        <source>Search Hugging Face</source>
        <translation>搜索 Hugging Face</translation>
    </message>
    <message>
        <source>Search, or paste organization/repository or its address</source>
        <translation>搜索，或粘贴“组织/仓库”或其网址</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>any format</source>
        <translation>任意格式</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>most downloads</source>
        <translation>下载最多</translation>
    </message>
    <message>
        <source>most likes</source>
        <translation>点赞最多</translation>
    </message>
    <message>
        <source>newest</source>
        <translation>最新</translation>
    </message>
    <message>
        <source>trending</source>
        <translation>热门</translation>
    </message>
    <message>
        <source>Models on Hugging Face. What fits this machine is said before anything is fetched.</source>
        <translation>Hugging Face 上的模型。下载之前就会说明哪些适合本机。</translation>
    </message>
    <message>
        <source>Repository</source>
        <translation>仓库</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载次数</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Repositories found</source>
        <translation>找到的仓库</translation>
    </message>
    <message>
        <source>Files of the repository</source>
        <translation>仓库中的文件</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>模型卡</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Study it</source>
        <translation>研究它</translation>
    </message>
    <message>
        <source>Copy the command that downloads it</source>
        <translation>复制下载它的命令</translation>
    </message>
    <message>
        <source>Download the selected file</source>
        <translation>下载所选文件</translation>
    </message>
    <message>
        <source>Study the selected file</source>
        <translation>研究所选文件</translation>
    </message>
    <message>
        <source>The network is switched off in the settings.</source>
        <translation>设置中已关闭网络。</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message numerus="yes">
        <source>%n repository(ies)</source>
        <translation>
            <numerusform>%n 个仓库</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing found.</source>
        <translation>没有找到。</translation>
    </message>
    <message>
        <source> (gated)</source>
        <translation>（需授权）</translation>
    </message>
    <message>
        <source>Looking at the repository…</source>
        <translation>正在查看仓库…</translation>
    </message>
    <message>
        <source>There is no model file in this repository.</source>
        <translation>此仓库中没有模型文件。</translation>
    </message>
    <message>
        <source>Converted to GGUF after the download.</source>
        <translation>下载后会转换为 GGUF。</translation>
    </message>
    <message>
        <source>The repository lacks a part of this model.</source>
        <translation>仓库缺少此模型的一部分。</translation>
    </message>
    <message>
        <source>Reading the header…</source>
        <translation>正在读取文件头…</translation>
    </message>
    <message>
        <source>This llama.cpp runs it: {0}, {1} bits per weight, trained for {2} tokens.</source>
        <translation>此版本的 llama.cpp 可以运行：{0}，每权重 {1} 位，训练长度 {2} 个词元。</translation>
    </message>
    <message>
        <source>Download anyway…</source>
        <translation>仍要下载…</translation>
    </message>
    <message>
        <source>Study it anyway…</source>
        <translation>仍要研究…</translation>
    </message>
    <message>
        <source>Study it anyway</source>
        <translation>仍要研究</translation>
    </message>
    <message>
        <source>Don&apos;t study it</source>
        <translation>不研究</translation>
    </message>
    <message>
        <source>Download anyway</source>
        <translation>仍要下载</translation>
    </message>
    <message>
        <source>Don&apos;t download it</source>
        <translation>不下载</translation>
    </message>
</context>
<context>
    <name>Inspect</name>
    <message>
        <source>GGUF file</source>
        <translation>GGUF 文件</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Choose a model to see what is in it.</source>
        <translation>选择一个模型以查看其内容。</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>Bits per weight</source>
        <translation>每权重位数</translation>
    </message>
    <message>
        <source>Types of tensors</source>
        <translation>张量类型</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Parts of the inspector</source>
        <translation>检查器的各部分</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Types</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Memory against context</source>
        <translation>内存与上下文长度</translation>
    </message>
    <message>
        <source>context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>free on this machine</source>
        <translation>本机可用</translation>
    </message>
    <message>
        <source>KV cache {0}</source>
        <translation>KV 缓存 {0}</translation>
    </message>
    <message>
        <source>Weights, KV cache and compute buffers, computed from the header.</source>
        <translation>权重、KV 缓存和计算缓冲区，由文件头计算得出。</translation>
    </message>
</context>
<context>
    <name>JobNotices</name>
    <message>
        <source>“{0}” failed. {1}</source>
        <translation>“{0}”失败。{1}</translation>
    </message>
    <message numerus="yes">
        <source>%n more job(s) of the study failed.</source>
        <translation>
            <numerusform>该研究还有 %n 个任务失败。</numerusform>
        </translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Show log</source>
        <translation>显示日志</translation>
    </message>
    <message>
        <source>“{0}” is cancelled. What it has measured is kept.</source>
        <translation>“{0}”已取消。已测量的内容会保留。</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) of “{0}” are cancelled. What they have measured is kept.</source>
        <translation>
            <numerusform>“{0}”的 %n 个任务已取消。已测得的数据会保留。</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Shows or hides this file in the figure.</source>
        <translation>在图中显示或隐藏此文件。</translation>
    </message>
</context>
<context>
    <name>LibraryModel</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在本机上</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Quant</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>位数</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>架构</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Needs {0} at this context</source>
        <translation>在此上下文长度下需要 {0}</translation>
    </message>
</context>
<context>
    <name>LimitsCard</name>
    <message>
        <source>Limits</source>
        <translation>限制</translation>
    </message>
    <message>
        <source>They hold for jobs that start from now on.</source>
        <translation>对此后开始的任务生效。</translation>
    </message>
    <message>
        <source> GiB</source>
        <translation> GiB</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source> MB/s</source>
        <translation> MB/s</translation>
    </message>
    <message>
        <source>Work offline: ask nothing of the network</source>
        <translation>离线工作：不访问网络</translation>
    </message>
    <message>
        <source>Work offline</source>
        <translation>离线工作</translation>
    </message>
    <message>
        <source>Memory of one job</source>
        <translation>单个任务的内存</translation>
    </message>
    <message>
        <source>Memory left to other programs</source>
        <translation>留给其他程序的内存</translation>
    </message>
    <message>
        <source>Speed of downloads</source>
        <translation>下载速度</translation>
    </message>
</context>
<context>
    <name>LoadChoice</name>
    <message>
        <source>Context that must fit</source>
        <translation>必须容纳的上下文</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 个词元</translation>
    </message>
    <message>
        <source>Type of the KV cache</source>
        <translation>KV 缓存类型</translation>
    </message>
    <message>
        <source>KV cache {0}</source>
        <translation>KV 缓存 {0}</translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message>
        <source>Least level shown</source>
        <translation>显示的最低级别</translation>
    </message>
    <message>
        <source>All lines</source>
        <translation>所有行</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>警告和错误</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Search the log</source>
        <translation>搜索日志</translation>
    </message>
    <message>
        <source>Copy log</source>
        <translation>复制日志</translation>
    </message>
    <message>
        <source>Lines of the log</source>
        <translation>日志行</translation>
    </message>
    <message>
        <source>Nothing is logged.</source>
        <translation>没有日志。</translation>
    </message>
    <message>
        <source>No such line.</source>
        <translation>没有这样的行。</translation>
    </message>
    <message>
        <source>Lines: {0}</source>
        <translation>行数：{0}</translation>
    </message>
</context>
<context>
    <name>MachineCard</name>
    <message>
        <source>Check again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Looking at engine, devices, memory and disk…</source>
        <translation>正在检查引擎、设备、内存和磁盘…</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Find a command…</source>
        <translation>查找命令…</translation>
    </message>
    <message>
        <source>Find on this page</source>
        <translation>在此页面中查找</translation>
    </message>
    <message>
        <source>Go to {0}</source>
        <translation>转到{0}</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>Theme of the desktop</source>
        <translation>跟随桌面主题</translation>
    </message>
    <message>
        <source>as the desktop</source>
        <translation>使用桌面的语言</translation>
    </message>
    <message>
        <source>Language: {0}</source>
        <translation>语言：{0}</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>转到(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Job</source>
        <translation>任务(&amp;J)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>ModelField</name>
    <message>
        <source>Choose a file for “{0}”</source>
        <translation>为“{0}”选择文件</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>GGUF models (*.gguf)</source>
        <translation>GGUF 模型 (*.gguf)</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Add a folder of models…</source>
        <translation>添加模型文件夹…</translation>
    </message>
    <message>
        <source>Look for models again</source>
        <translation>重新查找模型</translation>
    </message>
    <message>
        <source>Search Hugging Face</source>
        <translation>搜索 Hugging Face</translation>
    </message>
    <message>
        <source>Study the selected model</source>
        <translation>研究所选模型</translation>
    </message>
    <message>
        <source>Show the selected model in its folder</source>
        <translation>在文件夹中显示所选模型</translation>
    </message>
    <message>
        <source>Delete the selected model…</source>
        <translation>删除所选模型…</translation>
    </message>
    <message>
        <source>Filter models</source>
        <translation>筛选模型</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Models of this machine</source>
        <translation>本机的模型</translation>
    </message>
    <message>
        <source>No model fits the filter.</source>
        <translation>没有符合筛选条件的模型。</translation>
    </message>
    <message>
        <source>No models yet. Drop GGUF files or folders here, add a folder, or search Hugging Face; models of LM Studio, Ollama and the Hugging Face cache are found by themselves.</source>
        <translation>还没有模型。请将 GGUF 文件或文件夹拖到这里、添加文件夹，或搜索 Hugging Face；LM Studio、Ollama 和 Hugging Face 缓存中的模型会自动找到。</translation>
    </message>
    <message>
        <source>Study it</source>
        <translation>研究它</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Where models are</source>
        <translation>模型所在处</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Hugging Face</source>
        <translation>Hugging Face</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Load it anyway</source>
        <translation>仍要加载</translation>
    </message>
    <message>
        <source>Don&apos;t load it</source>
        <translation>不加载</translation>
    </message>
    <message>
        <source>Delete a model</source>
        <translation>删除模型</translation>
    </message>
    <message>
        <source>Delete {0} from the disk? This cannot be undone.</source>
        <translation>从磁盘上删除 {0}？此操作无法撤销。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Choose a folder of models</source>
        <translation>选择模型文件夹</translation>
    </message>
    <message>
        <source>Not added: {0}.</source>
        <translation>未添加：{0}。</translation>
    </message>
    <message>
        <source>Drop GGUF files, or folders that hold models.</source>
        <translation>请拖入 GGUF 文件或包含模型的文件夹。</translation>
    </message>
</context>
<context>
    <name>More</name>
    <message>
        <source>Make and use an importance matrix</source>
        <translation>生成并使用重要性矩阵</translation>
    </message>
    <message>
        <source> chunks of 512 tokens</source>
        <translation> 块，每块 512 个词元</translation>
    </message>
    <message>
        <source>Chunks of the calibration text</source>
        <translation>校准文本的块数</translation>
    </message>
    <message>
        <source>Type of the output layer</source>
        <translation>输出层类型</translation>
    </message>
    <message>
        <source>Type of the token embedding</source>
        <translation>词嵌入类型</translation>
    </message>
    <message>
        <source>One type for all tensors (no mixture)</source>
        <translation>所有张量使用同一类型（不混合）</translation>
    </message>
    <message>
        <source>Overrides, tensor by tensor</source>
        <translation>逐张量覆盖</translation>
    </message>
    <message>
        <source>Type of the K cache</source>
        <translation>K 缓存类型</translation>
    </message>
    <message>
        <source>Type of the V cache</source>
        <translation>V 缓存类型</translation>
    </message>
    <message>
        <source>one per core</source>
        <translation>每核一个</translation>
    </message>
    <message>
        <source>CPU threads</source>
        <translation>CPU 线程</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>GPU 上的层数</translation>
    </message>
    <message>
        <source>as the quant type says</source>
        <translation>由量化类型决定</translation>
    </message>
    <message>
        <source>Write “pattern = type”, one a line; this is not: {0}</source>
        <translation>请写成“模式 = 类型”，每行一个；这一行不是：{0}</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>Show fewer messages</source>
        <translation>收起消息</translation>
    </message>
    <message numerus="yes">
        <source>%n more message(s)</source>
        <translation>
            <numerusform>还有 %n 条消息</numerusform>
        </translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>Quants</name>
    <message>
        <source>Quant types</source>
        <translation>量化类型</translation>
    </message>
    <message>
        <source>With a context of {0} tokens, a K cache of {1} and a V cache of {2}</source>
        <translation>上下文 {0} 个词元，K 缓存 {1}，V 缓存 {2}</translation>
    </message>
    <message>
        <source>Known once the header of the model can be read</source>
        <translation>读取到模型文件头后才能得知</translation>
    </message>
</context>
<context>
    <name>QueueModel</name>
    <message>
        <source>Job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>研究</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>left waiting</source>
        <translation>遗留等待</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0} %</translation>
    </message>
    <message>
        <source>{0} %, {1} left</source>
        <translation>{0} %，剩余 {1}</translation>
    </message>
</context>
<context>
    <name>QueuePage</name>
    <message>
        <source>Jobs shown</source>
        <translation>显示的任务</translation>
    </message>
    <message>
        <source>All jobs</source>
        <translation>所有任务</translation>
    </message>
    <message>
        <source>Running and waiting</source>
        <translation>运行中和等待中</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Failed or cancelled</source>
        <translation>失败或已取消</translation>
    </message>
    <message>
        <source>Search jobs and studies</source>
        <translation>搜索任务和研究</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Run the study again</source>
        <translation>再次运行研究</translation>
    </message>
    <message>
        <source>What is finished is found and not measured again; the report is written anew.</source>
        <translation>已完成的部分会被找到而不再测量；报告会重新生成。</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>No job has run yet. A study that you start shows its jobs here, with their logs.</source>
        <translation>还没有运行过任务。您启动的研究会在这里显示其任务和日志。</translation>
    </message>
    <message>
        <source>No job fits the filter.</source>
        <translation>没有符合筛选条件的任务。</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Pause or resume the selected job</source>
        <translation>暂停或恢复所选任务</translation>
    </message>
    <message>
        <source>Cancel the selected job</source>
        <translation>取消所选任务</translation>
    </message>
    <message>
        <source>Try the selected job again</source>
        <translation>重试所选任务</translation>
    </message>
    <message>
        <source>Run the study of the selected job again</source>
        <translation>再次运行所选任务的研究</translation>
    </message>
    <message>
        <source>Open the folder of the selected job</source>
        <translation>打开所选任务的文件夹</translation>
    </message>
    <message>
        <source>Copy the log of the selected job</source>
        <translation>复制所选任务的日志</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
</context>
<context>
    <name>QueueStrip</name>
    <message>
        <source>Running jobs</source>
        <translation>运行中的任务</translation>
    </message>
    <message>
        <source>Progress of the running job</source>
        <translation>运行中任务的进度</translation>
    </message>
    <message>
        <source>Pause the running job</source>
        <translation>暂停运行中的任务</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>取消运行中的任务</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>还有 {0} 个</translation>
    </message>
    <message>
        <source>Show the queue; {0} more jobs wait</source>
        <translation>显示队列；还有 {0} 个任务在等待</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>没有任务在运行。</translation>
    </message>
    <message>
        <source>Resume the paused job</source>
        <translation>恢复已暂停的任务</translation>
    </message>
    <message>
        <source>{0} (paused)</source>
        <translation>{0}（已暂停）</translation>
    </message>
    <message>
        <source>{0} (waiting)</source>
        <translation>{0}（等待中）</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0} %</translation>
    </message>
    <message>
        <source>{0} %, {1} left</source>
        <translation>{0} %，剩余 {1}</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>Reading</name>
    <message>
        <source>Progress of reading the file</source>
        <translation>读取文件的进度</translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation>停止读取</translation>
    </message>
    <message>
        <source>Reading {0} for its checksum: {1} %</source>
        <translation>正在读取 {0} 以计算校验和：{1} %</translation>
    </message>
</context>
<context>
    <name>Scale</name>
    <message>
        <source>Colours: KL divergence from {0} to {1} nats</source>
        <translation>颜色：KL 散度从 {0} 到 {1} 纳特</translation>
    </message>
</context>
<context>
    <name>Searchable</name>
    <message>
        <source>Filter: {0}</source>
        <translation>筛选：{0}</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Check this machine</source>
        <translation>检查本机</translation>
    </message>
    <message>
        <source>Copy the report of this machine</source>
        <translation>复制本机的报告</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Open data folder</source>
        <translation>打开数据文件夹</translation>
    </message>
    <message>
        <source>Export settings…</source>
        <translation>导出设置…</translation>
    </message>
    <message>
        <source>Import settings…</source>
        <translation>导入设置…</translation>
    </message>
    <message>
        <source>Export settings</source>
        <translation>导出设置</translation>
    </message>
    <message>
        <source>Settings (*.json)</source>
        <translation>设置 (*.json)</translation>
    </message>
    <message>
        <source>The settings are written to {0}. The token is not among them.</source>
        <translation>设置已写入 {0}，其中不含令牌。</translation>
    </message>
    <message>
        <source>Import settings</source>
        <translation>导入设置</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>The settings of {0} are in use.</source>
        <translation>正在使用 {0} 的设置。</translation>
    </message>
</context>
<context>
    <name>Side</name>
    <message>
        <source>What “{0}” writes</source>
        <translation>“{0}”生成的文本</translation>
    </message>
    <message>
        <source>Most probable tokens of “{0}”</source>
        <translation>“{0}”最可能的词元</translation>
    </message>
</context>
<context>
    <name>SourcePicker</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>demo:, the path of a GGUF file, or hf:organization/repository</source>
        <translation>demo:、GGUF 文件的路径，或 hf:组织/仓库</translation>
    </message>
    <message>
        <source>Demo model: SmolLM2-135M-Instruct</source>
        <translation>演示模型：SmolLM2-135M-Instruct</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>{0} million parameters</source>
        <translation>{0} 百万参数</translation>
    </message>
    <message>
        <source>quantized already ({0})</source>
        <translation>已经量化（{0}）</translation>
    </message>
    <message>
        <source>trained for {0} tokens</source>
        <translation>训练长度 {0} 个词元</translation>
    </message>
    <message>
        <source>fetched when the study starts</source>
        <translation>研究开始时获取</translation>
    </message>
    <message>
        <source>downloaded when the study starts</source>
        <translation>研究开始时下载</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>GGUF models (*.gguf);;All files (*)</source>
        <translation>GGUF 模型 (*.gguf);;所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>What do you want to know?</source>
        <translation>您想知道什么？</translation>
    </message>
    <message>
        <source>Every answer comes with an interval, from measurements on this machine. A small model for trying things out is fetched when you need it.</source>
        <translation>每个答案都带有置信区间，来自本机上的测量。需要时会获取一个用于试用的小模型。</translation>
    </message>
</context>
<context>
    <name>StudiesModel</name>
    <message>
        <source>Study</source>
        <translation>研究</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>基准模型</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Last work</source>
        <translation>最近工作</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) failed</source>
        <translation>
            <numerusform>%n 个任务失败</numerusform>
        </translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>{0} of {1} jobs done</source>
        <translation>已完成 {0} / {1} 个任务</translation>
    </message>
</context>
<context>
    <name>StudiesPage</name>
    <message>
        <source>Studies</source>
        <translation>研究</translation>
    </message>
    <message>
        <source>New study</source>
        <translation>新建研究</translation>
    </message>
    <message>
        <source>Open a study file…</source>
        <translation>打开研究文件…</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Use as a start</source>
        <translation>以此为起点</translation>
    </message>
    <message>
        <source>No study yet. A study makes quant types of a model and measures what each of them costs.</source>
        <translation>还没有研究。研究会生成一个模型的各种量化，并测量每种量化的代价。</translation>
    </message>
    <message>
        <source>Show the selected study</source>
        <translation>显示所选研究</translation>
    </message>
    <message>
        <source>Use the selected study as a start</source>
        <translation>以所选研究为起点</translation>
    </message>
    <message>
        <source>Open a study file</source>
        <translation>打开研究文件</translation>
    </message>
    <message>
        <source>Studies (*.toml)</source>
        <translation>研究 (*.toml)</translation>
    </message>
</context>
<context>
    <name>StudyHead</name>
    <message>
        <source>Progress of the study</source>
        <translation>研究进度</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Cancel…</source>
        <translation>取消…</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Open report</source>
        <translation>打开报告</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>The command that runs this very study without the window</source>
        <translation>不打开窗口运行此研究的命令</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message numerus="yes">
        <source>Running: {0}. %n job(s) to do.</source>
        <translation>
            <numerusform>正在运行：{0}。还有 %n 个任务。</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} This one takes about {1} more.</source>
        <translation>{0} 此任务约需再 {1}。</translation>
    </message>
    <message numerus="yes">
        <source>Paused. %n job(s) to do.</source>
        <translation>
            <numerusform>已暂停。还有 %n 个任务。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Waiting: %n job(s) to do.</source>
        <translation>
            <numerusform>等待中：还有 %n 个任务。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) did not succeed.</source>
        <translation>
            <numerusform>%n 个任务未成功。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Interrupted: %n job(s) to do.</source>
        <translation>
            <numerusform>已中断：还有 %n 个任务。</numerusform>
        </translation>
    </message>
    <message>
        <source>Finished.</source>
        <translation>已完成。</translation>
    </message>
    <message>
        <source>Cancel a study</source>
        <translation>取消研究</translation>
    </message>
    <message>
        <source>Cancel this study?</source>
        <translation>取消此研究？</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) stop or do not start. What is measured already stays, and the study can go on from there.</source>
        <translation>
            <numerusform>%n 个任务将停止或不再启动。已测量的内容会保留，研究可以从那里继续。</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel the study</source>
        <translation>取消研究</translation>
    </message>
    <message>
        <source>Keep it running</source>
        <translation>让它继续运行</translation>
    </message>
</context>
<context>
    <name>StudyPage</name>
    <message>
        <source>Parts of the study</source>
        <translation>研究的各部分</translation>
    </message>
    <message>
        <source>Choose a study on the page Studies.</source>
        <translation>请在“研究”页面选择一个研究。</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Pause the study, or go on with it</source>
        <translation>暂停或继续研究</translation>
    </message>
    <message>
        <source>Cancel the study…</source>
        <translation>取消研究…</translation>
    </message>
    <message>
        <source>Continue the study</source>
        <translation>继续研究</translation>
    </message>
    <message>
        <source>Open the report of the study</source>
        <translation>打开研究的报告</translation>
    </message>
    <message>
        <source>Copy the command of the study</source>
        <translation>复制研究的命令</translation>
    </message>
    <message>
        <source>Reading the study…</source>
        <translation>正在读取研究…</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>What is measured is being read.</source>
        <translation>正在读取测得的结果。</translation>
    </message>
    <message>
        <source>Nothing could be measured; above it says why.</source>
        <translation>无法测量；原因见上方。</translation>
    </message>
    <message>
        <source>This study has no values for this figure.</source>
        <translation>此研究没有该图的数值。</translation>
    </message>
</context>
<context>
    <name>TableView</name>
    <message>
        <source>Alt+Up and Alt+Down sort by the column of the current cell.</source>
        <translation>Alt+上箭头和 Alt+下箭头按当前单元格所在的列排序。</translation>
    </message>
    <message>
        <source>Copy the selected rows</source>
        <translation>复制所选行</translation>
    </message>
    <message>
        <source>Sort by “{0}”, smallest first</source>
        <translation>按“{0}”升序排序</translation>
    </message>
    <message>
        <source>Sort by “{0}”, largest first</source>
        <translation>按“{0}”降序排序</translation>
    </message>
    <message>
        <source>Not sorted</source>
        <translation>不排序</translation>
    </message>
</context>
<context>
    <name>TokenCard</name>
    <message>
        <source>Looking for a token…</source>
        <translation>正在查找令牌…</translation>
    </message>
    <message>
        <source>New access token</source>
        <translation>新的访问令牌</translation>
    </message>
    <message>
        <source>Keep token</source>
        <translation>保存令牌</translation>
    </message>
    <message>
        <source>Forget token</source>
        <translation>忘记令牌</translation>
    </message>
    <message>
        <source>Needed only for models behind a login. It is kept in the system&apos;s keyring and never shown again.</source>
        <translation>仅需登录的模型才需要。它保存在系统密钥环中，不会再次显示。</translation>
    </message>
    <message>
        <source>Hugging Face access token</source>
        <translation>Hugging Face 访问令牌</translation>
    </message>
    <message>
        <source>A token is kept in the keyring.</source>
        <translation>密钥环中保存有令牌。</translation>
    </message>
    <message>
        <source>The token of the environment variable HF_TOKEN is used.</source>
        <translation>正在使用环境变量 HF_TOKEN 的令牌。</translation>
    </message>
    <message>
        <source>A token is used until the program ends.</source>
        <translation>令牌使用到程序结束为止。</translation>
    </message>
    <message>
        <source>A token is kept in a plain file that only you can read.</source>
        <translation>令牌保存在只有您能读取的明文文件中。</translation>
    </message>
    <message>
        <source>No token.</source>
        <translation>没有令牌。</translation>
    </message>
    <message>
        <source>Use until the program ends</source>
        <translation>使用到程序结束</translation>
    </message>
    <message>
        <source>Keep in a plain file</source>
        <translation>保存在明文文件中</translation>
    </message>
</context>
<context>
    <name>TokenTable</name>
    <message>
        <source>Token</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>KL divergence (nats)</source>
        <translation>KL 散度（纳特）</translation>
    </message>
    <message>
        <source>Probability, base</source>
        <translation>概率（基准）</translation>
    </message>
    <message>
        <source>Probability, this file</source>
        <translation>概率（此文件）</translation>
    </message>
    <message>
        <source>Choice of the base</source>
        <translation>基准的选择</translation>
    </message>
    <message>
        <source>Choice of this file</source>
        <translation>此文件的选择</translation>
    </message>
</context>
<context>
    <name>TokenText</name>
    <message>
        <source>Text coloured by KL divergence</source>
        <translation>按 KL 散度着色的文本</translation>
    </message>
</context>
<context>
    <name>Tokenizer</name>
    <message>
        <source>Text to tokenize</source>
        <translation>要分词的文本</translation>
    </message>
    <message>
        <source>Paste a text</source>
        <translation>粘贴文本</translation>
    </message>
    <message>
        <source>With special tokens (BOS, chat markers)</source>
        <translation>包含特殊词元（BOS、聊天标记）</translation>
    </message>
    <message>
        <source>First model</source>
        <translation>第一个模型</translation>
    </message>
    <message>
        <source>Second model (may stay empty)</source>
        <translation>第二个模型（可留空）</translation>
    </message>
    <message>
        <source>Choose a model and paste a text.</source>
        <translation>请选择模型并粘贴文本。</translation>
    </message>
    <message>
        <source>Tokens, aligned</source>
        <translation>对齐的词元</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n 个词元</numerusform>
        </translation>
    </message>
    <message>
        <source>First model: {0}; second: {1}.</source>
        <translation>第一个模型：{0}；第二个：{1}。</translation>
    </message>
    <message>
        <source>Same boundaries and same ids.</source>
        <translation>边界和编号都相同。</translation>
    </message>
    <message>
        <source>Same boundaries, other ids.</source>
        <translation>边界相同，编号不同。</translation>
    </message>
    <message numerus="yes">
        <source>%n stretch(es) differ, marked with ≠.</source>
        <translation>
            <numerusform>%n 段不同，以 ≠ 标出。</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} characters a token.</source>
        <translation>每个词元 {0} 个字符。</translation>
    </message>
</context>
<context>
    <name>TokensTab</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Chunk of the text</source>
        <translation>文本块</translation>
    </message>
    <message>
        <source>Largest divergence</source>
        <translation>最大散度</translation>
    </message>
    <message>
        <source>Show the tokens as a table</source>
        <translation>以表格显示词元</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>No chunk is compared with the base yet.</source>
        <translation>尚无文本块与基准比较。</translation>
    </message>
    <message>
        <source>A line below a token: base and file would choose differently. Click for the first five of each.</source>
        <translation>词元下方的线：基准与此文件的选择不同。点击查看各自的前五个。</translation>
    </message>
    <message>
        <source>Chunk</source>
        <translation>块</translation>
    </message>
    <message>
        <source>of {0}</source>
        <translation>共 {0}</translation>
    </message>
    <message>
        <source>A speed is being measured, and this would disturb it. Try again when it is done.</source>
        <translation>正在测量速度，此操作会干扰它。请在完成后重试。</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>基准</translation>
    </message>
</context>
<context>
    <name>TopModel</name>
    <message>
        <source>Next token</source>
        <translation>下一个词元</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
</context>
<context>
    <name>TypesModel</name>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>File size</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>Bits per weight</source>
        <translation>每权重位数</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在本机上</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>已选</translation>
    </message>
    <message>
        <source>not chosen</source>
        <translation>未选</translation>
    </message>
    <message>
        <source>{0}, needs {1}</source>
        <translation>{0}，需要 {1}</translation>
    </message>
    <message>
        <source>needs an importance matrix (under More)</source>
        <translation>需要重要性矩阵（见“更多”）</translation>
    </message>
    <message>
        <source>better with an importance matrix</source>
        <translation>使用重要性矩阵更好</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) fall back to a larger type</source>
        <translation>
            <numerusform>%n 个张量退回到更大的类型</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VariantPart</name>
    <message>
        <source>Name of variant {0}</source>
        <translation>变体 {0} 的名称</translation>
    </message>
    <message>
        <source>Model of variant {0}</source>
        <translation>变体 {0} 的模型</translation>
    </message>
    <message>
        <source>K cache of variant {0}</source>
        <translation>变体 {0} 的 K 缓存</translation>
    </message>
    <message>
        <source>V cache of variant {0}</source>
        <translation>变体 {0} 的 V 缓存</translation>
    </message>
    <message>
        <source>Remove variant {0}</source>
        <translation>移除变体 {0}</translation>
    </message>
    <message>
        <source>of</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>the base</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>as the others</source>
        <translation>与其他相同</translation>
    </message>
</context>
<context>
    <name>VerdictCard</name>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Jobs are still to be done; this may change.</source>
        <translation>还有任务未完成，结论可能会变。</translation>
    </message>
    <message>
        <source>Show less</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>Why, and how sure</source>
        <translation>理由与把握</translation>
    </message>
</context>
<context>
    <name>_Choices</name>
    <message>
        <source>  (in the text)</source>
        <translation>  （在文中）</translation>
    </message>
</context>
<context>
    <name>_Layers</name>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
</context>
<context>
    <name>explore</name>
    <message>
        <source>Duel</source>
        <translation>对决</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>分词器</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
</context>
<context>
    <name>fits</name>
    <message>
        <source>fits</source>
        <translation>适合</translation>
    </message>
    <message>
        <source>tight</source>
        <translation>紧张</translation>
    </message>
    <message>
        <source>offload</source>
        <translation>需分载</translation>
    </message>
    <message>
        <source>won&apos;t fit</source>
        <translation>放不下</translation>
    </message>
    <message>
        <source>checking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>The header is being read.</source>
        <translation>正在读取文件头。</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>The header does not tell.</source>
        <translation>文件头未给出所需信息。</translation>
    </message>
    <message>
        <source>after conversion</source>
        <translation>转换后可知</translation>
    </message>
    <message>
        <source>It is known once the model is converted to GGUF.</source>
        <translation>模型转换为 GGUF 后才能知道。</translation>
    </message>
    <message>
        <source>goes with a model</source>
        <translation>随模型使用</translation>
    </message>
    <message>
        <source>A projector: it takes memory beside the model it belongs to.</source>
        <translation>投影器：除所属模型外还会另占内存。</translation>
    </message>
    <message>
        <source>parts missing</source>
        <translation>缺少分卷</translation>
    </message>
    <message>
        <source>The repository lacks a part of this model.</source>
        <translation>仓库缺少此模型的一部分。</translation>
    </message>
</context>
<context>
    <name>inspector</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>架构</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层数</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>RoPE</source>
        <translation>RoPE</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>分词器</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>聊天模板</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>Sliding window</source>
        <translation>滑动窗口</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>hybrid</source>
        <translation>混合</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>SentencePiece (byte-pair with scores)</source>
        <translation>SentencePiece（带分值的字节对）</translation>
    </message>
    <message>
        <source>byte-level BPE</source>
        <translation>字节级 BPE</translation>
    </message>
    <message>
        <source>BPE over SentencePiece blanks</source>
        <translation>基于 SentencePiece 空白符的 BPE</translation>
    </message>
    <message>
        <source>RWKV (greedy trie)</source>
        <translation>RWKV（贪心字典树）</translation>
    </message>
    <message>
        <source>SentencePiece (unigram)</source>
        <translation>SentencePiece（unigram）</translation>
    </message>
    <message>
        <source>{0}, {1} tokens</source>
        <translation>{0}，{1} 个词元</translation>
    </message>
    <message>
        <source>{0}, pre-tokenizer {1}</source>
        <translation>{0}，预分词器 {1}</translation>
    </message>
    <message>
        <source>{0}, {1}, {2} bits per weight</source>
        <translation>{0}，{1}，每权重 {2} 位</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 个词元</translation>
    </message>
    <message>
        <source>{0}, feed-forward {1}</source>
        <translation>{0}，前馈层 {1}</translation>
    </message>
    <message>
        <source>{0}, {1} heads, {2} for K and V</source>
        <translation>{0}，{1} 个头，K 和 V 各 {2} 个</translation>
    </message>
    <message>
        <source>base {0}</source>
        <translation>基频 {0}</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>有</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>未注明</translation>
    </message>
    <message>
        <source>{0}, {1} at a time</source>
        <translation>{0} 个，每次激活 {1} 个</translation>
    </message>
    <message>
        <source>{0}, {1} scaling by {2}</source>
        <translation>{0}，{1} 缩放 {2} 倍</translation>
    </message>
</context>
<context>
    <name>jobs</name>
    <message>
        <source>fetch the demo model</source>
        <translation>获取演示模型</translation>
    </message>
    <message>
        <source>predict sizes</source>
        <translation>预测大小</translation>
    </message>
    <message>
        <source>importance matrix</source>
        <translation>重要性矩阵</translation>
    </message>
    <message>
        <source>report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>quantize to {0}</source>
        <translation>量化为 {0}</translation>
    </message>
    <message>
        <source>convert adapter {0}</source>
        <translation>转换适配器 {0}</translation>
    </message>
    <message>
        <source>convert {0} to {1}</source>
        <translation>将 {0} 转换为 {1}</translation>
    </message>
    <message>
        <source>merge {0} into {1}</source>
        <translation>将 {0} 合并到 {1}</translation>
    </message>
    <message>
        <source>merge {0}</source>
        <translation>合并 {0}</translation>
    </message>
    <message>
        <source>split {0}</source>
        <translation>拆分 {0}</translation>
    </message>
    <message>
        <source>import {0}</source>
        <translation>导入 {0}</translation>
    </message>
    <message>
        <source>verify {0}</source>
        <translation>校验 {0}</translation>
    </message>
    <message>
        <source>download {0}</source>
        <translation>下载 {0}</translation>
    </message>
    <message>
        <source>look at {0} of {1}</source>
        <translation>查看 {1} 的 {0}</translation>
    </message>
</context>
<context>
    <name>pages</name>
    <message>
        <source>Explore</source>
        <translation>探索</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Studies</source>
        <translation>研究</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>研究</translation>
    </message>
</context>
<context>
    <name>probes</name>
    <message>
        <source>plain</source>
        <translation>直接</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>竖式</translation>
    </message>
    <message>
        <source>words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Arithmetic</source>
        <translation>算术</translation>
    </message>
    <message>
        <source>Does it still add, and keep track of many numbers?</source>
        <translation>它还会做加法、并记住许多数字吗？</translation>
    </message>
    <message>
        <source>Right sums</source>
        <translation>正确的和</translation>
    </message>
    <message>
        <source>share of right sums</source>
        <translation>答对的比例</translation>
    </message>
    <message>
        <source>Right sums by wording of the question</source>
        <translation>按提问措辞划分的正确率</translation>
    </message>
    <message>
        <source>Right in the first answer</source>
        <translation>第一次回答的正确率</translation>
    </message>
    <message>
        <source>Right digits</source>
        <translation>正确的数位</translation>
    </message>
    <message>
        <source>Right sums, “{0}”</source>
        <translation>正确的和（“{0}”措辞）</translation>
    </message>
    <message>
        <source>Median KL divergence</source>
        <translation>KL 散度中位数</translation>
    </message>
    <message>
        <source>KL divergence, 90th percentile</source>
        <translation>KL 散度第 90 百分位数</translation>
    </message>
    <message>
        <source>KL divergence, 95th percentile</source>
        <translation>KL 散度第 95 百分位数</translation>
    </message>
    <message>
        <source>KL divergence, 99th percentile</source>
        <translation>KL 散度第 99 百分位数</translation>
    </message>
    <message>
        <source>KL divergence, 99.9th percentile</source>
        <translation>KL 散度第 99.9 百分位数</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>困惑度</translation>
    </message>
    <message>
        <source>Perplexity relative to the base</source>
        <translation>相对于基准的困惑度</translation>
    </message>
    <message>
        <source>Perplexity minus the base&apos;s</source>
        <translation>与基准困惑度之差</translation>
    </message>
    <message>
        <source>Mean KL divergence</source>
        <translation>平均 KL 散度</translation>
    </message>
    <message>
        <source>Largest KL divergence</source>
        <translation>最大 KL 散度</translation>
    </message>
    <message>
        <source>Same most probable token</source>
        <translation>首选词元相同的比例</translation>
    </message>
    <message>
        <source>Mean change of the true token&apos;s probability</source>
        <translation>真实词元概率的平均变化</translation>
    </message>
    <message>
        <source>RMS change of the true token&apos;s probability</source>
        <translation>真实词元概率变化的均方根</translation>
    </message>
    <message>
        <source>KL divergence</source>
        <translation>KL 散度</translation>
    </message>
    <message>
        <source>chunk</source>
        <translation>文本块</translation>
    </message>
    <message>
        <source>Divergence from the base</source>
        <translation>与基准的散度</translation>
    </message>
    <message>
        <source>How far do the model&apos;s predictions move away from the base&apos;s?</source>
        <translation>模型的预测与基准相差多远？</translation>
    </message>
    <message>
        <source>Mean KL divergence from the base</source>
        <translation>与基准的平均 KL 散度</translation>
    </message>
    <message>
        <source>perplexity</source>
        <translation>困惑度</translation>
    </message>
    <message>
        <source>KL divergence along the text</source>
        <translation>沿文本的 KL 散度</translation>
    </message>
    <message>
        <source>Negative log-likelihood along the text</source>
        <translation>沿文本的负对数似然</translation>
    </message>
    <message>
        <source>mean NLL</source>
        <translation>平均负对数似然</translation>
    </message>
    <message>
        <source>KL divergence of single tokens</source>
        <translation>单个词元的 KL 散度</translation>
    </message>
    <message>
        <source>Pass keys</source>
        <translation>密钥检索</translation>
    </message>
    <message>
        <source>Where in a long text does it still find what it is asked for?</source>
        <translation>在长文本的哪些位置，它还能找到所问的内容？</translation>
    </message>
    <message>
        <source>Keys found by depth and length</source>
        <translation>按深度和长度划分的密钥检出情况</translation>
    </message>
    <message>
        <source>depth</source>
        <translation>深度</translation>
    </message>
    <message>
        <source>context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>share of keys found</source>
        <translation>密钥检出率</translation>
    </message>
    <message>
        <source>Keys found by length</source>
        <translation>按长度划分的密钥检出率</translation>
    </message>
    <message>
        <source>Keys found</source>
        <translation>密钥检出率</translation>
    </message>
    <message>
        <source>Keys found in {0} tokens</source>
        <translation>{0} 个词元中的密钥检出率</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>KV memory</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>Compute buffers</source>
        <translation>计算缓冲区</translation>
    </message>
    <message>
        <source>Peak memory of the process</source>
        <translation>进程的峰值内存</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>How fast does it read and write on this machine, and what memory does it take?</source>
        <translation>它在本机上读取和生成的速度有多快，占用多少内存？</translation>
    </message>
    <message>
        <source>Reading a prompt</source>
        <translation>读取提示词</translation>
    </message>
    <message>
        <source>prefill</source>
        <translation>预填充</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>generation</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Reading {0} tokens</source>
        <translation>读取 {0} 个词元</translation>
    </message>
    <message>
        <source>Writing {0} tokens</source>
        <translation>生成 {0} 个词元</translation>
    </message>
    <message>
        <source>Writing {0} tokens after {1}</source>
        <translation>在 {1} 个词元之后生成 {0} 个词元</translation>
    </message>
    <message>
        <source>mean KL divergence</source>
        <translation>平均 KL 散度</translation>
    </message>
    <message>
        <source>median KL divergence</source>
        <translation>KL 散度中位数</translation>
    </message>
    <message>
        <source>99th percentile of the KL divergence</source>
        <translation>KL 散度的第 99 百分位数</translation>
    </message>
    <message>
        <source>perplexity relative to the base</source>
        <translation>相对于基准的困惑度</translation>
    </message>
    <message>
        <source>share of tokens with the same top choice</source>
        <translation>首选词元相同的比例</translation>
    </message>
    <message>
        <source>share of correct sums</source>
        <translation>加法答对的比例</translation>
    </message>
    <message>
        <source>share of pass keys found</source>
        <translation>密钥检出率</translation>
    </message>
    <message>
        <source>prefill speed in tokens per second</source>
        <translation>预填充速度（词元/秒）</translation>
    </message>
    <message>
        <source>generation speed in tokens per second</source>
        <translation>生成速度（词元/秒）</translation>
    </message>
</context>
<context>
    <name>questions</name>
    <message>
        <source>quick</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>normal</source>
        <translation>普通</translation>
    </message>
    <message>
        <source>thorough</source>
        <translation>彻底</translation>
    </message>
    <message>
        <source>How thoroughly: {0}</source>
        <translation>彻底程度：{0}</translation>
    </message>
    <message>
        <source>as in the file</source>
        <translation>按文件所写</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>约 {0}</translation>
    </message>
    <message>
        <source>time not known</source>
        <translation>时间未知</translation>
    </message>
</context>
<context>
    <name>reports</name>
    <message>
        <source>Lines are 95 % intervals; the square is the base.</source>
        <translation>线段为 95 % 置信区间；方块为基准。</translation>
    </message>
    <message>
        <source>The square is the base.</source>
        <translation>方块为基准。</translation>
    </message>
    <message>
        <source>Each point is a file with its 95 % interval.</source>
        <translation>每个点代表一个文件及其 95 % 置信区间。</translation>
    </message>
    <message>
        <source>Bands are the 95 % interval of each point.</source>
        <translation>色带为各点的 95 % 置信区间。</translation>
    </message>
    <message>
        <source>n = {0} points a file.</source>
        <translation>每个文件 n = {0} 个点。</translation>
    </message>
    <message>
        <source>The mean of each cell; an empty cell was not measured.</source>
        <translation>每格为平均值；空格表示未测量。</translation>
    </message>
    <message>
        <source>Successes of tries in each cell, with Wilson&apos;s 95 % interval where there is room; an empty cell was not measured.</source>
        <translation>每格为成功次数与尝试次数，空间足够时附 Wilson 95 % 置信区间；空格表示未测量。</translation>
    </message>
    <message>
        <source>n = {0} tries a cell.</source>
        <translation>每格 n = {0} 次尝试。</translation>
    </message>
    <message>
        <source>One ridge a file, each scaled to its own peak; the long stroke is the median, the short one the 99th percentile.</source>
        <translation>每个文件一条峰峦图，各按自身峰值缩放；长线为中位数，短线为第 99 百分位数。</translation>
    </message>
    <message>
        <source>n = {0} values a file.</source>
        <translation>每个文件 n = {0} 个值。</translation>
    </message>
    <message>
        <source>Lower is better.</source>
        <translation>越低越好。</translation>
    </message>
    <message>
        <source>Higher is better.</source>
        <translation>越高越好。</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 至 {1}</translation>
    </message>
    <message>
        <source>n = {0}.</source>
        <translation>n = {0}。</translation>
    </message>
    <message>
        <source>The probe “{0}” is not installed here, so its samples cannot be summarised.</source>
        <translation>此处未安装测试项“{0}”，因此无法汇总其样本。</translation>
    </message>
    <message>
        <source>Its samples cannot be summarised ({0}).</source>
        <translation>其样本无法汇总（{0}）。</translation>
    </message>
    <message>
        <source>Not all rounds are measured yet.</source>
        <translation>并非所有轮次都已测量完毕。</translation>
    </message>
    <message>
        <source>Not started yet.</source>
        <translation>尚未开始。</translation>
    </message>
    <message>
        <source>Still running.</source>
        <translation>仍在运行。</translation>
    </message>
    <message>
        <source>Still running. The numbers are of what is measured so far.</source>
        <translation>仍在运行。数值仅反映目前已测量的部分。</translation>
    </message>
    <message>
        <source>It was cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>It failed.</source>
        <translation>失败。</translation>
    </message>
    <message>
        <source>Not started, because “{0}” was cancelled: {1}</source>
        <translation>未启动，因为“{0}”已取消：{1}</translation>
    </message>
    <message>
        <source>Not started, because “{0}” failed: {1}</source>
        <translation>未启动，因为“{0}”失败：{1}</translation>
    </message>
    <message>
        <source>Interrupted; the numbers are of what was measured until then.</source>
        <translation>已中断；数值仅反映中断前测量的部分。</translation>
    </message>
    <message>
        <source>It is not made yet.</source>
        <translation>尚未生成。</translation>
    </message>
    <message>
        <source>The coverage table cannot be read ({0}).</source>
        <translation>无法读取覆盖表（{0}）。</translation>
    </message>
    <message>
        <source>Calibration tokens</source>
        <translation>校准词元数</translation>
    </message>
    <message>
        <source>Chunks read</source>
        <translation>已读文本块数</translation>
    </message>
    <message>
        <source>Chunks asked for</source>
        <translation>请求的文本块数</translation>
    </message>
    <message>
        <source>Tokens in a chunk</source>
        <translation>每块词元数</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>条目数</translation>
    </message>
    <message>
        <source>Matrices in the model</source>
        <translation>模型中的矩阵数</translation>
    </message>
    <message>
        <source>Experts never activated</source>
        <translation>从未激活的专家数</translation>
    </message>
    <message>
        <source>Calibration text</source>
        <translation>校准文本</translation>
    </message>
    <message>
        <source>Calibration text (sha256)</source>
        <translation>校准文本 (sha256)</translation>
    </message>
    <message>
        <source>Importance matrix (sha256)</source>
        <translation>重要性矩阵 (sha256)</translation>
    </message>
    <message>
        <source>What</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Importance matrix</source>
        <translation>重要性矩阵</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{1} 中的 {0}</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>无数据</translation>
    </message>
    <message>
        <source>not needed</source>
        <translation>不需要</translation>
    </message>
    <message>
        <source>Matrices</source>
        <translation>矩阵</translation>
    </message>
    <message>
        <source>Matrices that lack data</source>
        <translation>缺少数据的矩阵数</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Covered</source>
        <translation>已覆盖</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元数</translation>
    </message>
    <message>
        <source>each</source>
        <translation>各</translation>
    </message>
    <message>
        <source>Not measured yet.</source>
        <translation>尚未测量。</translation>
    </message>
    <message>
        <source>Not measured yet: {0}.</source>
        <translation>尚未测量：{0}。</translation>
    </message>
    <message>
        <source>{0} ({1})</source>
        <translation>{0}（{1}）</translation>
    </message>
    <message>
        <source>- **{0}:** {1}</source>
        <translation>- **{0}：** {1}</translation>
    </message>
    <message>
        <source> points</source>
        <translation> 个百分点</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>章节</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>preliminary</source>
        <translation>初步</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>There is nothing to draw yet.</source>
        <translation>尚无可绘制的内容。</translation>
    </message>
    <message>
        <source>All numbers</source>
        <translation>全部数值</translation>
    </message>
    <message>
        <source>Differences between files</source>
        <translation>文件之间的差异</translation>
    </message>
    <message>
        <source>What failed</source>
        <translation>失败项</translation>
    </message>
    <message>
        <source>What failed, and why</source>
        <translation>失败项及原因</translation>
    </message>
    <message>
        <source>Provenance</source>
        <translation>来源与环境</translation>
    </message>
    <message>
        <source>Run it again</source>
        <translation>再次运行</translation>
    </message>
    <message>
        <source>Finished work is found by its content and not done twice.</source>
        <translation>已完成的工作会按内容找到，不会重复进行。</translation>
    </message>
    <message>
        <source>The study, as it was run</source>
        <translation>运行时的研究文件</translation>
    </message>
    <message>
        <source>Made by Odyssey Lab {0} on {1}.</source>
        <translation>由 Odyssey Lab {0} 于 {1} 生成。</translation>
    </message>
    <message>
        <source>The same numbers lie beside this file as report.md, results.csv and report.json.</source>
        <translation>同样的数值另存于此文件旁的 report.md、results.csv 和 report.json。</translation>
    </message>
    <message>
        <source>file size</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>bits per weight</source>
        <translation>每权重位数</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>File size against {0}</source>
        <translation>文件大小与{0}</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>部分完成</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>blocked</source>
        <translation>受阻</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>defaults</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Engine settings</source>
        <translation>引擎设置</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Usable cores</source>
        <translation>可用核心数</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Graphics cards</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>none seen</source>
        <translation>未发现</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Report made</source>
        <translation>报告生成时间</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Build</source>
        <translation>构建</translation>
    </message>
    <message>
        <source>Processor and cards</source>
        <translation>处理器和显卡</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>GPU 上的层数</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程数</translation>
    </message>
    <message>
        <source>Batch (logical, physical)</source>
        <translation>批大小（逻辑，物理）</translation>
    </message>
    <message>
        <source>KV cache (keys, values)</source>
        <translation>KV 缓存（K，V）</translation>
    </message>
    <message>
        <source>Flash attention</source>
        <translation>Flash attention</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Chat template (sha256)</source>
        <translation>聊天模板 (sha256)</translation>
    </message>
    <message>
        <source>How it was measured</source>
        <translation>测量方式</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>The same in every measurement</source>
        <translation>所有测量的共同项</translation>
    </message>
    <message>
        <source>Measurement</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>job key</source>
        <translation>任务键</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>完成时间</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Differs in</source>
        <translation>不同之处</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>各项测量</translation>
    </message>
    <message>
        <source>Parameters of {0}</source>
        <translation>{0} 的参数</translation>
    </message>
    <message>
        <source>{0} points</source>
        <translation>{0} 个百分点</translation>
    </message>
    <message>
        <source>threshold {0}</source>
        <translation>阈值 {0}</translation>
    </message>
    <message>
        <source>margin {0}</source>
        <translation>容差 {0}</translation>
    </message>
    <message>
        <source>“{0}” at most {1} worse than the base</source>
        <translation>“{0}”比基准最多差 {1}</translation>
    </message>
    <message>
        <source>{0} at most {1}</source>
        <translation>{0}不高于 {1}</translation>
    </message>
    <message>
        <source>{0} at least {1}</source>
        <translation>{0}不低于 {1}</translation>
    </message>
    <message>
        <source>“{0}” not measured</source>
        <translation>“{0}”未测量</translation>
    </message>
    <message>
        <source>“{0}”</source>
        <translation>“{0}”</translation>
    </message>
    <message>
        <source>{0} is not a number</source>
        <translation>{0}不是有效数字</translation>
    </message>
    <message>
        <source>“{0}” {1} better{2}</source>
        <translation>“{0}”好 {1}{2}</translation>
    </message>
    <message>
        <source>“{0}” {1} worse{2}</source>
        <translation>“{0}”差 {1}{2}</translation>
    </message>
    <message>
        <source>the base itself reaches only {0}, so there is next to nothing to lose</source>
        <translation>基准本身只达到 {0}，几乎没有可损失的余地</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>答案</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>What broke</source>
        <translation>损坏</translation>
    </message>
    <message>
        <source>Smaller files</source>
        <translation>更小的文件</translation>
    </message>
    <message>
        <source>Beyond the margins</source>
        <translation>超出容差</translation>
    </message>
    <message>
        <source>Not told apart</source>
        <translation>无法区分</translation>
    </message>
    <message>
        <source>Too small to say</source>
        <translation>数据不足以判断</translation>
    </message>
    <message>
        <source>The base</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Margins</source>
        <translation>容差</translation>
    </message>
    <message>
        <source>How sure</source>
        <translation>把握程度</translation>
    </message>
    <message>
        <source>So far: {0}</source>
        <translation>目前看来：{0}</translation>
    </message>
    <message>
        <source>the base ({0})</source>
        <translation>基准（{0}）</translation>
    </message>
    <message>
        <source>Stay with the base, {0}: it is the smallest file here.</source>
        <translation>继续使用基准 {0}：它是这里最小的文件。</translation>
    </message>
    <message>
        <source>Stay with the base, {0}: no smaller file stays within the margins.</source>
        <translation>继续使用基准 {0}：没有更小的文件保持在容差之内。</translation>
    </message>
    <message>
        <source>Stay with the base, {0}: no smaller file is shown to stay within the margins.</source>
        <translation>继续使用基准 {0}：没有更小的文件被证明保持在容差之内。</translation>
    </message>
    <message>
        <source>Run {0}: the smallest file that stays within the margins wherever the measurements can decide.</source>
        <translation>请运行 {0}：凡测量足以判断之处，它是保持在容差之内的最小文件。</translation>
    </message>
    <message>
        <source>Run {0}: the smallest file that stays within every margin.</source>
        <translation>请运行 {0}：它是在所有容差之内的最小文件。</translation>
    </message>
    <message>
        <source>Only the base is in this study, so there is nothing to choose from.</source>
        <translation>此研究中只有基准，因此没有可选择的文件。</translation>
    </message>
    <message>
        <source>No file can be recommended: what was measured cannot show a loss.</source>
        <translation>无法推荐文件：所测内容不足以显示损失。</translation>
    </message>
    <message>
        <source>No file can be recommended: nothing that says how good a file is has been measured.</source>
        <translation>无法推荐文件：尚未测量任何能说明文件质量的内容。</translation>
    </message>
    <message>
        <source>No file can be recommended: none but the base has been measured.</source>
        <translation>无法推荐文件：除基准外尚未测量任何文件。</translation>
    </message>
    <message>
        <source>No file that stays within the margins fits this machine: {0} needs about {1} of memory, and {2} can be used.</source>
        <translation>保持在容差之内的文件都不适合本机：{0} 约需 {1} 内存，而可用内存为 {2}。</translation>
    </message>
    <message>
        <source>No file can be recommended: none that is completely measured stays within the margins.</source>
        <translation>无法推荐文件：已完整测量的文件都不在容差之内。</translation>
    </message>
    <message>
        <source>{0}, threshold {1}</source>
        <translation>{0}，阈值 {1}</translation>
    </message>
    <message>
        <source>{0}, margin {1}</source>
        <translation>{0}，容差 {1}</translation>
    </message>
    <message>
        <source>It is {0} % smaller than the base.</source>
        <translation>它比基准小 {0} %。</translation>
    </message>
    <message>
        <source>Note that it is {0} % larger than the base.</source>
        <translation>请注意，它比基准大 {0} %。</translation>
    </message>
    <message>
        <source>{0}.</source>
        <translation>{0}。</translation>
    </message>
    <message>
        <source>With a context of {0} tokens it needs about {1} of this machine&apos;s {2} (an estimate).</source>
        <translation>上下文为 {0} 个词元时，它约需本机 {2} 内存中的 {1}（估计值）。</translation>
    </message>
    <message>
        <source>{0} does not fit into the {1} that can be used here.</source>
        <translation>{0} 放不进这里可用的 {1} 内存。</translation>
    </message>
    <message>
        <source>{0} do not fit into the {1} that can be used here.</source>
        <translation>{0} 放不进这里可用的 {1} 内存。</translation>
    </message>
    <message>
        <source>It writes {0} tokens per second here.</source>
        <translation>它在本机上每秒生成 {0} 个词元。</translation>
    </message>
    <message>
        <source>It writes {0} tokens per second here, the base {1}.</source>
        <translation>它在本机上每秒生成 {0} 个词元，基准为 {1} 个。</translation>
    </message>
    <message>
        <source>It writes {0} tokens per second here, the base {1}; the difference could be chance.</source>
        <translation>它在本机上每秒生成 {0} 个词元，基准为 {1} 个；差异可能出于偶然。</translation>
    </message>
    <message>
        <source>{0} is broken: {1}.</source>
        <translation>{0} 已损坏：{1}。</translation>
    </message>
    <message>
        <source>{0} with {1}</source>
        <translation>{0}（{1}）</translation>
    </message>
    <message>
        <source>Worse than the margins allow: {0}.</source>
        <translation>劣于容差所允许的程度：{0}。</translation>
    </message>
    <message>
        <source>{0} is smaller and may be good enough too, but the intervals reach across a margin.</source>
        <translation>{0} 更小，也可能足够好，但置信区间跨越了容差界限。</translation>
    </message>
    <message>
        <source>{0} are smaller and may be good enough too, but the intervals reach across a margin.</source>
        <translation>{0} 更小，也可能足够好，但置信区间跨越了容差界限。</translation>
    </message>
    <message>
        <source>In {0} no file could be told apart from the base.</source>
        <translation>在{0}中，没有任何文件能与基准区分开。</translation>
    </message>
    <message>
        <source>In {0} the two files could not be told apart.</source>
        <translation>在{0}中，这两个文件无法区分。</translation>
    </message>
    <message>
        <source>In {0} no two of the files could be told apart.</source>
        <translation>在{0}中，任何两个文件都无法区分。</translation>
    </message>
    <message>
        <source>In {0} these could not be told apart: {1}.</source>
        <translation>在{0}中，以下各对无法区分：{1}。</translation>
    </message>
    <message>
        <source>In {0} {1} of {2} pairs of files could not be told apart (listed below).</source>
        <translation>在{0}中，{2} 对文件中有 {1} 对无法区分（见下表）。</translation>
    </message>
    <message>
        <source>the base</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>“{0}” cannot show a loss here: {1}.</source>
        <translation>“{0}”在此无法显示损失：{1}。</translation>
    </message>
    <message>
        <source>“{0}” cannot say whether {2} of {3} files are within its margin: {1}</source>
        <translation>“{0}”无法判断 {3} 个文件中的 {2} 个是否在其容差之内：{1}</translation>
    </message>
    <message>
        <source>“{0}” cannot say whether any file is within its margin: {1}</source>
        <translation>“{0}”无法判断任何文件是否在其容差之内：{1}</translation>
    </message>
    <message>
        <source>“{0}” cannot say whether the file is within its margin: {1}</source>
        <translation>“{0}”无法判断该文件是否在其容差之内：{1}</translation>
    </message>
    <message>
        <source>everything was measured in one piece (a single conversation, a single chunk of text), which does not tell how much the next one would differ</source>
        <translation>所有测量出自同一整体（一次对话或一个文本块），无法得知下一次会相差多少</translation>
    </message>
    <message>
        <source>{0} leave ±{1}</source>
        <translation>{0}的不确定度为 ±{1}</translation>
    </message>
    <message>
        <source>{0}; about {1} would show a file without any loss to be within it</source>
        <translation>{0}；大约需要 {1} 个，才能证明毫无损失的文件在容差之内</translation>
    </message>
    <message>
        <source>The base is itself a quantized file ({0}). Everything here is measured against that file, not against the original weights: what its own quantization lost is not seen, and types on a similar grid can look better than they are. Where the original can be had, quantize that.</source>
        <translation>基准本身就是量化文件（{0}）。这里的一切都与该文件比较，而不是与原始权重比较：它自身量化的损失看不到，网格相近的类型可能显得比实际更好。如能取得原始模型，请量化原始模型。</translation>
    </message>
    <message>
        <source>Good enough means here: {0} (the study&apos;s thresholds).</source>
        <translation>这里“足够好”的含义是：{0}（研究设定的阈值）。</translation>
    </message>
    <message>
        <source>Good enough means here: {0} (the study&apos;s thresholds where it states any, else conventions of this lab).</source>
        <translation>这里“足够好”的含义是：{0}（研究设定了阈值的用其阈值，否则用本实验室的惯例）。</translation>
    </message>
    <message>
        <source>Good enough means here: {0} (conventions of this lab; a study can state its own).</source>
        <translation>这里“足够好”的含义是：{0}（本实验室的惯例；研究可自行设定）。</translation>
    </message>
    <message>
        <source>A file is within a margin only when its whole 95 % interval is.</source>
        <translation>只有整个 95 % 置信区间都在容差之内，文件才算在容差之内。</translation>
    </message>
    <message>
        <source>Files count as told apart at 5 %, corrected (Holm) for {0} in a probe.</source>
        <translation>文件之间在 5 % 显著性水平上可区分才算不同，并对每个测试项内的 {0}作 Holm 校正。</translation>
    </message>
    <message>
        <source>“Not told apart” means that no difference was shown, not that there is none.</source>
        <translation>“无法区分”是指没有显示出差异，而不是没有差异。</translation>
    </message>
    <message>
        <source>A margin looks at a file&apos;s own interval, which is not corrected, so that a file can be beyond it and yet not be told apart from the base.</source>
        <translation>界限只看文件自身的区间，而该区间未经校正，因此一个文件可能超出界限，却仍未与基准区分开。</translation>
    </message>
    <message>
        <source>{0} at most {1} worse than the base</source>
        <translation>{0}比基准最多差 {1}</translation>
    </message>
    <message>
        <source>base</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>recommended</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>broken</source>
        <translation>损坏</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测值</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>paired-t</source>
        <translation>配对 t 检验</translation>
    </message>
    <message>
        <source>mcnemar-exact</source>
        <translation>McNemar 精确检验</translation>
    </message>
    <message>
        <source>block-mcnemar</source>
        <translation>分块 McNemar 检验</translation>
    </message>
    <message>
        <source>paired-bootstrap</source>
        <translation>配对自助法</translation>
    </message>
    <message>
        <source>welch</source>
        <translation>Welch t 检验</translation>
    </message>
    <message>
        <source>cannot be told apart from the base</source>
        <translation>与基准无法区分</translation>
    </message>
    <message>
        <source>lower is better</source>
        <translation>越低越好</translation>
    </message>
    <message>
        <source>higher is better</source>
        <translation>越高越好</translation>
    </message>
    <message>
        <source>Bits per weight</source>
        <translation>每权重位数</translation>
    </message>
    <message>
        <source>All files at a glance</source>
        <translation>所有文件一览</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>参照</translation>
    </message>
    <message>
        <source>within</source>
        <translation>容差之内</translation>
    </message>
    <message>
        <source>as far as decided</source>
        <translation>就已能判断者而言</translation>
    </message>
    <message>
        <source>undecided</source>
        <translation>未定</translation>
    </message>
    <message>
        <source>incomplete</source>
        <translation>不完整</translation>
    </message>
    <message>
        <source>beyond</source>
        <translation>超出容差</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测量</translation>
    </message>
    <message>
        <source>Below each number stands its 95 % interval.</source>
        <translation>每个数值下方为其 95 % 置信区间。</translation>
    </message>
    <message>
        <source>{0}: {1}.</source>
        <translation>{0}：{1}。</translation>
    </message>
    <message>
        <source>a quantized file</source>
        <translation>一个量化文件</translation>
    </message>
    <message>
        <source>Requantized from {0}: {1}.</source>
        <translation>由 {0} 再次量化：{1}。</translation>
    </message>
    <message>
        <source>Quantized with the importance matrix: {0}.</source>
        <translation>使用重要性矩阵量化：{0}。</translation>
    </message>
    <message>
        <source>{0} of {1} tensors have rows that the type&apos;s blocks do not divide and took another type</source>
        <translation>{1} 个张量中有 {0} 个的行长不能被该类型的块整除，改用了其他类型</translation>
    </message>
    <message>
        <source>requantized from {0}</source>
        <translation>由 {0} 再次量化</translation>
    </message>
    <message>
        <source>its weights are {0} already</source>
        <translation>其权重已经是 {0}</translation>
    </message>
    <message>
        <source>Observations</source>
        <translation>观测数</translation>
    </message>
    <message>
        <source>{0}: all numbers</source>
        <translation>{0}：全部数值</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>{0} cannot be told apart from the base (5 %, Holm-corrected); the intervals are not corrected, so that one may leave the base&apos;s number out all the same.</source>
        <translation>{0} 与基准无法区分（5 % 显著性水平，Holm 校正）；区间未经校正，因此区间仍可能不包含基准的数值。</translation>
    </message>
    <message>
        <source>{0} cannot tell any two of {1} pairs of files apart, whatever is measured; files are compared with the base only.</source>
        <translation>{0}无论测得什么结果，都无法区分 {1} 对文件中的任何一对；因此各文件只与基准比较。</translation>
    </message>
    <message>
        <source>{0} cannot show any difference between files: even if every one of them changed, chance would remain an explanation (corrected for {1} comparisons).</source>
        <translation>{0}无法显示文件之间的任何差异：即使每一项都改变，仍可能只是偶然（已按 {1} 次比较校正）。</translation>
    </message>
    <message>
        <source>{0}: differences in {1} from the base</source>
        <translation>{0}：{1}与基准的差异</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95 % 置信区间</translation>
    </message>
    <message>
        <source>{0}: differences in {1} between all files</source>
        <translation>{0}：所有文件之间的{1}差异</translation>
    </message>
    <message>
        <source>Pair</source>
        <translation>文件对</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>p corrected</source>
        <translation>校正后的 p</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>An interval is of its pair alone; the result is corrected for {0} comparisons (Holm), so that an interval may leave 0 out although the pair is not told apart.</source>
        <translation>区间只针对各自的一对文件；结果已按 {0} 次比较校正（Holm），因此即使一对文件未被区分，其区间也可能不包含 0。</translation>
    </message>
    <message>
        <source>told apart</source>
        <translation>可区分</translation>
    </message>
    <message>
        <source>{0} not told apart</source>
        <translation>{0} 无法区分</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Jobs that did not succeed</source>
        <translation>未成功的任务</translation>
    </message>
    <message>
        <source>met</source>
        <translation>达到</translation>
    </message>
    <message>
        <source>met, uncertain</source>
        <translation>达到，不确定</translation>
    </message>
    <message>
        <source>not met</source>
        <translation>未达到</translation>
    </message>
    <message>
        <source>not met, uncertain</source>
        <translation>未达到，不确定</translation>
    </message>
    <message>
        <source>There is no threshold named {0}.</source>
        <translation>没有名为 {0} 的阈值。</translation>
    </message>
    <message>
        <source>{0}: the study has no probe “{1}”.</source>
        <translation>{0}：研究中没有测试项“{1}”。</translation>
    </message>
    <message>
        <source>{0}: {1} was not measured.</source>
        <translation>{0}：未测量{1}。</translation>
    </message>
    <message>
        <source>{0}: {1} is {2}, at most {3}</source>
        <translation>{0}：{1}为 {2}，不高于 {3}</translation>
    </message>
    <message>
        <source>{0}: {1} is {2}, above {3}</source>
        <translation>{0}：{1}为 {2}，高于 {3}</translation>
    </message>
    <message>
        <source>{0}: {1} is {2}, at least {3}</source>
        <translation>{0}：{1}为 {2}，不低于 {3}</translation>
    </message>
    <message>
        <source>{0}: {1} is {2}, below {3}</source>
        <translation>{0}：{1}为 {2}，低于 {3}</translation>
    </message>
    <message>
        <source>{0}, but one measurement has no interval.</source>
        <translation>{0}，但单次测量没有置信区间。</translation>
    </message>
    <message>
        <source>{0}, but the interval reaches across the bound.</source>
        <translation>{0}，但置信区间跨越了界限。</translation>
    </message>
    <message>
        <source>not a number</source>
        <translation>非有效数字</translation>
    </message>
    <message>
        <source>Thresholds of the study</source>
        <translation>研究的阈值</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Bound</source>
        <translation>界限</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>测量值</translation>
    </message>
    <message>
        <source>Met: the value is on the right side of the bound; “uncertain”: the interval reaches across it.</source>
        <translation>达到：数值在界限的正确一侧；“不确定”：置信区间跨越了界限。</translation>
    </message>
    <message>
        <source> and </source>
        <translation>和</translation>
    </message>
    <message>
        <source>; and </source>
        <translation>；</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}，{1}</translation>
    </message>
    <message>
        <source>{0} {1}</source>
        <translation>{0}{1}</translation>
    </message>
</context>
<context>
    <name>start</name>
    <message>
        <source>Which quant should I run?</source>
        <translation>我该运行哪种量化？</translation>
    </message>
    <message>
        <source>Makes the usual quant types of one model and measures what each costs in quality, memory and speed on this machine. The answer is one file.</source>
        <translation>生成一个模型的常用量化类型，并测量每种在本机上对质量、内存和速度的代价。答案是一个文件。</translation>
    </message>
    <message>
        <source>How long a context does it really hold?</source>
        <translation>它真正能容纳多长的上下文？</translation>
    </message>
    <message>
        <source>Hides a pass key at many depths of longer and longer texts, and shows where the model stops finding it, with full and with quantized KV cache.</source>
        <translation>在越来越长的文本的不同深度藏入密钥，显示模型在何处找不到它，并比较完整与量化的 KV 缓存。</translation>
    </message>
    <message>
        <source>Compare two files</source>
        <translation>比较两个文件</translation>
    </message>
    <message>
        <source>Two files of one model, token by token on the same texts: are they the same model, and if not, which is better?</source>
        <translation>同一模型的两个文件，在相同文本上逐词元比较：它们是同一个模型吗？如果不是，哪个更好？</translation>
    </message>
</context>
<context>
    <name>studies</name>
    <message>
        <source>Is it still the same model?</source>
        <translation>它还是同一个模型吗？</translation>
    </message>
    <message>
        <source>Can it still do sums?</source>
        <translation>它还会做加法吗？</translation>
    </message>
    <message>
        <source>Does it find things in a long context?</source>
        <translation>它能在长上下文中找到内容吗？</translation>
    </message>
    <message>
        <source>How fast is it here, and what memory does it take?</source>
        <translation>它在这里有多快，占用多少内存？</translation>
    </message>
</context>
<context>
    <name>tokens</name>
    <message>
        <source>The tokens&apos; texts cannot be read.</source>
        <translation>无法读取词元的文本。</translation>
    </message>
    <message>
        <source>both would choose {0}</source>
        <translation>两者都会选择 {0}</translation>
    </message>
    <message>
        <source>the base would choose {0}, this file {1}</source>
        <translation>基准会选择 {0}，此文件会选择 {1}</translation>
    </message>
    <message>
        <source>{0}: KL divergence {1} nats; probability {2} on the base, {3} here; {4}</source>
        <translation>{0}：KL 散度 {1} nats；基准上的概率 {2}，此处 {3}；{4}</translation>
    </message>
</context>
<context>
    <name>too-large</name>
    <message>
        <source>{0} needs about {1} of memory with {2} tokens of context; {3} can be used here.</source>
        <translation>{0} 在 {2} 个词元的上下文下约需 {1} 内存；本机可用 {3}。</translation>
    </message>
    <message>
        <source>More than fits this machine</source>
        <translation>超出本机容量</translation>
    </message>
    <message>
        <source>Loaded here it may end with “out of memory”, or push other programs out of memory and make the whole machine slow; unsaved work in them is at risk. A shorter context, a quantized KV cache or a smaller quant type needs less.</source>
        <translation>在本机加载可能因内存不足而失败，或把其他程序挤出内存、使整台机器变慢；其中未保存的工作可能丢失。缩短上下文、使用量化的 KV 缓存或更小的量化类型所需内存更少。</translation>
    </message>
</context>
<context>
    <name>types</name>
    <message>
        <source>about {0}</source>
        <translation>约 {0}</translation>
    </message>
</context>
<context>
    <name>units</name>
    <message>
        <source>nats</source>
        <translation>纳特</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
</context>
<context>
    <name>unsaved</name>
    <message>
        <source>the name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>the model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>what it is compared with</source>
        <translation>比较对象</translation>
    </message>
    <message>
        <source>the quant types and how they are made</source>
        <translation>量化类型及其生成方式</translation>
    </message>
    <message>
        <source>the questions</source>
        <translation>要测量的问题</translation>
    </message>
    <message>
        <source>how the models are run</source>
        <translation>模型的运行方式</translation>
    </message>
    <message>
        <source>an override that is not whole yet</source>
        <translation>一条尚未写完的覆盖规则</translation>
    </message>
    <message>
        <source>Discarding loses what was changed since it was opened or last saved: {0}.</source>
        <translation>放弃后，自打开或上次保存以来的改动将丢失：{0}。</translation>
    </message>
    <message>
        <source>A study that is not saved</source>
        <translation>未保存的研究</translation>
    </message>
    <message>
        <source>Save the changes to “{0}”?</source>
        <translation>要保存对“{0}”的更改吗？</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>not started</source>
        <translation>未启动</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分钟</translation>
    </message>
</context>
</TS>
