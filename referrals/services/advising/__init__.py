"""The IDVA service: asked, answered, allocated, and the first contact with its client."""
