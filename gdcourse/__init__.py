"""gdcourse: the helper package of the course on gradient descent."""
