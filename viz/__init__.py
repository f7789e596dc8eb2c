"""Attention Atlas: what every head of every layer of a pretrained Transformer attends to."""
