package visit

// OfferPath is before the id of a request for admin roles that a customer answers
// (K-7).
const OfferPath = "/admin/gdap/"
