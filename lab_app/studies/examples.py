"""One small complete study a question, for docs/STUDIES.md; a test loads each of them."""

from __future__ import annotations

EXAMPLES: tuple[tuple[str, str], ...] = (
    (
        "Is it still the same model, and which quant should I run?",
        """\
schema_version = 1
name = "quants of my model"

[source]
model = "my-model-F16.gguf"       # beside this file

[quantize]
types = ["Q8_0", "Q5_K_M", "Q4_K_M", "IQ3_M"]

[quantize.imatrix]                # with the lab's own calibration text
chunks = 32

[[probe]]
kind = "divergence"               # perplexity and KL divergence against the source
chunks = 32

[thresholds]                      # exit code 7 where one is not met
max_kld = 0.2
""",
    ),
    (
        "Can it still do sums?",
        """\
schema_version = 1
name = "sums after quantizing"

[source]
model = "hf:Qwen/Qwen2.5-1.5B-Instruct"   # safetensors: downloaded and converted first

[quantize]
types = ["Q8_0", "Q4_0"]
overrides = { "attn_v" = "q8_0" }

[[probe]]
kind = "arithmetic"
items = 100
per_prompt = 10
""",
    ),
    (
        "Does it find things in a long context, and what does a smaller cache cost?",
        """\
schema_version = 1
name = "how long a context"

[source]
model = "my-model-F16.gguf"

[[probe]]
kind = "passkey"
lengths = [1024, 4096, 8192]
depths = [0.0, 0.5, 1.0]
repeats = 4

[[variant]]
name = "cache q8_0"
kv_type_k = "q8_0"
kv_type_v = "q8_0"
""",
    ),
    (
        "How fast is it here, and what memory does it take?",
        """\
schema_version = 1
name = "speed of the demo model"

[source]
model = "demo:"

[engine]
threads = 4

[[probe]]
kind = "speed"
prefill = [512]
generate = [64]
depth = [0, 2048]                 # with an empty memory, and behind 2048 tokens

[[variant]]
name = "two threads"
threads = 2
""",
    ),
    (
        "Which of two files is closer to the original?",
        """\
schema_version = 1
name = "two files against the original"

[source]
model = "my-model-F16.gguf"

[[compare]]
model = "theirs-Q4_K_M.gguf"
name = "theirs"

[[compare]]
model = "mine-Q4_K_M.gguf"
name = "mine"

[[probe]]
kind = "divergence"

[[probe]]
kind = "arithmetic"
id = "short-sums"
digits = 2

[resources]
memory = "16 GiB"
""",
    ),
)
