<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
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
        <source>Quant types</source>
        <translation>量化类型</translation>
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
        <source>Which quant types?</source>
        <translation>哪些量化类型？</translation>
    </message>
    <message>
        <source>What do you want to know?</source>
        <translation>您想知道什么？</translation>
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
        <source>Copied: {0}</source>
        <translation>已复制：{0}</translation>
    </message>
    <message>
        <source>Nothing to copy: this only changes the window.</source>
        <translation>没有可复制的内容：这只会改变窗口。</translation>
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
        <source>Save figure</source>
        <translation>保存图表</translation>
    </message>
    <message>
        <source>The file could not be saved: {why}.</source>
        <translation>无法保存文件：{why}。</translation>
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
        <source>File</source>
        <translation>文件</translation>
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
        <source>Filter models</source>
        <translation>筛选模型</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
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
    <message>
        <source>Models of this machine</source>
        <translation>本机的模型</translation>
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
        <source>all</source>
        <translation>全部</translation>
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
        <source>Choose two files: the base first, then the other</source>
        <translation>选择两个文件：先选基准，再选另一个</translation>
    </message>
    <message>
        <source>GGUF models (*.gguf)</source>
        <translation>GGUF 模型 (*.gguf)</translation>
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
        <source>Reading the study…</source>
        <translation>正在读取研究…</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
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
    <name>questions</name>
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
    <name>types</name>
    <message>
        <source>about {0}</source>
        <translation>约 {0}</translation>
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
