"""What probes share. Worker-side modules (numpy) are imported where they are used, not here."""
