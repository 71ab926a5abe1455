"""The statistics of a study while it runs, in a process of their own.

Summaries and comparisons hold Python's lock for seconds when there are many samples; in a thread they would make
the window stutter. The process reads the store by itself (whatever one hears of is committed already), so
no sample is sent to it; back come the tables, verdict and metrics of :class:`~.answer.Answer`.
"""
