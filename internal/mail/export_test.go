package mail

// ErrPermanent is what a carrier answers that will never take a letter.
var ErrPermanent = errPermanent
