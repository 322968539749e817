package customer

import (
	"context"

	"comptoir/internal/op"
)

// recordExport writes to the log that somebody took the whole list along.
var recordExport = op.Define(op.Spec{Action: "customer.export", Write: true},
	func(ctx context.Context, u *op.Unit, _ struct{}) (struct{}, error) {
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "export_data", Resource: "customer", Data: map[string]string{"What": "customers"},
		})
	})

// Export calls f for every customer of the actor's organization, by name, and
// records that it did (rule b2). It is always the full list.
func Export(ctx context.Context, k *op.Kernel, a op.Actor, f func(Item) error) error {
	if _, err := recordExport.Do(ctx, k, a, struct{}{}); err != nil {
		return err
	}
	return Each(ctx, k, a, Filter{}, f)
}
