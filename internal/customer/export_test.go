package customer

// Serve is serve, for tests.
var Serve = Service.serve
