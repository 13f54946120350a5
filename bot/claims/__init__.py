"""What captions claim their pictures show, in seven languages, and how the claims of two captions relate."""
