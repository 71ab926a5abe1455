"""Models of this machine and of the hub: one file a part of the page."""
