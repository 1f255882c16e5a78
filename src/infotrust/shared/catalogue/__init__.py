"""What the public may see: datasets, agreements and published answers, already safe."""
