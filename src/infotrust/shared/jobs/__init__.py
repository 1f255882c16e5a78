"""Long work in the background worker: progress that people can see, and resuming after a crash."""
