package mail

// Tries is how often a letter is tried.
const Tries = tries
