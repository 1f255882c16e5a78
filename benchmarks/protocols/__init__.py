"""What the benchmarks share: data with truth, tools and their settings, measured runs, quality, the page of results."""
