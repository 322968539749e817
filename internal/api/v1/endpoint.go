package v1

import (
	"comptoir/internal/api/route"
	"comptoir/internal/op"
)

// on adds a route that runs one operation: decode makes its input of the
// request, view makes the JSON of its result. A nil view answers without a body.
func on[I, O any](a *API, rt route.Route, operation *op.Operation[I, O],
	decode func(*call) (I, error), view func(*call, O) any,
) {
	a.handle(rt, func(c *call) error {
		in, err := decode(c)
		if err != nil {
			return err
		}
		out, err := operation.Do(c.r.Context(), a.kernel, c.actor, in)
		if err != nil {
			return err
		}
		if view == nil {
			return c.answer(rt.Status, nil)
		}
		return c.answer(rt.Status, view(c, out))
	})
}
