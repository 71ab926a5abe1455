"""A study, running or finished: verdict, figures as samples come, tables, single tokens, what failed and why."""
