"""Names to mentions, mentions to entities."""
