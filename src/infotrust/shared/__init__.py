"""Django apps that every stage may use. They know the core, never a stage."""
