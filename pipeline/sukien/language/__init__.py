"""Text to syllables, sentences, words and parts of speech, offsets kept."""
