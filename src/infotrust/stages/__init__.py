"""One Django app for each stage of the journey, in flow order. A stage may read upstream, never downstream."""
