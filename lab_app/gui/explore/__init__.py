"""Looking closely at single models: one file a tab of the Explore page."""
