"""One Django app for each stage of the journey, in the order data flows. A stage may read upstream, never downstream."""
