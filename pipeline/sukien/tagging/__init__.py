"""Linear-chain conditional random fields: features, batched inference, training."""
