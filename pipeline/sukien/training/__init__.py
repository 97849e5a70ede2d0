"""Train and package the models."""
