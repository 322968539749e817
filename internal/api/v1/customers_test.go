package v1

import (
	"testing"

	"comptoir/internal/api/v1/wire"
)

// fjallbageri is a customer as SDKs send it.
const fjallbageri = `{"companyProfile":{"domain":"Fjallbageri.onmicrosoft.com"},
	"billingProfile":{"culture":"SV-se","language":"sv","email":"ekonomi@fjallbageri.example","companyName":"Fjällbageri AB",
	"defaultAddress":{"country":"SE","city":"Lund","addressLine1":"Bredgatan 4","postalCode":"222 21","firstName":"Maja","lastName":"Lind","phoneNumber":"046123456"}}}`

func TestACustomerIsAddedAndRead(t *testing.T) {
	w := newWorld(t)
	var added wire.Customer
	w.send(request{as: "direct", method: "POST", target: "/v1/customers", body: fjallbageri}).want(201).into(&added)
	w.get("direct", "/v1/customers/"+added.ID).want(200)
}
