package importer_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/importer"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// startKeeping starts an import whose passwords open with the key that it returns.
func (w *world) startKeeping(a op.Actor, importID string) importer.PrivateKey {
	w.t.Helper()
	key := importer.NewPrivateKey()
	o := importer.Order{ID: importID, Options: reached(importer.Options{}), PasswordKey: key.Public()}
	if _, err := importer.Start.Do(w.t.Context(), w.k, a, o); err != nil {
		w.t.Fatal(err)
	}
	return key
}

func (w *world) takePasswords(a op.Actor, importID string, key importer.PrivateKey) (all []importer.Credential, _ error) {
	for c, err := range importer.TakePasswords(w.t.Context(), w.k, a, importID, key) {
		if err != nil {
			return all, err
		}
		all = append(all, c)
	}
	return all, nil
}

func (w *world) passwordsKept(a op.Actor, importID string, key importer.PrivateKey) importer.PasswordsKept {
	w.t.Helper()
	kept, err := importer.Passwords.Do(w.t.Context(), w.k, a, importer.ByKey{ID: importID, Key: key.Public()})
	if err != nil {
		w.t.Fatal(err)
	}
	return kept
}

func TestPasswordsOfAnImportAreTakenAlongOnce(t *testing.T) { // rule C9
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		workers, ada := w.workers(), agent(w.direct)
		i := w.uploaded(ada, smallFile)
		key := w.startKeeping(ada, i.ID)
		if _, err := w.takePasswords(ada, i.ID, key); !errors.Is(err, importer.ErrUnderWay) {
			t.Errorf("before the end: %v", err)
		}
		w.runDue(workers)
		if kept := w.passwordsKept(ada, i.ID, key); kept.Customers != 2 || kept.Elsewhere != 0 || !kept.Until.After(w.k.Clock.Now()) {
			t.Fatalf("kept %+v", kept)
		}

		stranger := importer.NewPrivateKey()
		if kept := w.passwordsKept(ada, i.ID, stranger); kept.Customers != 2 || kept.Elsewhere != 2 {
			t.Errorf("in another browser %+v", kept)
		}
		for name, key := range map[string]importer.PrivateKey{"another key": stranger, "no key": "", "what is no key": "abc"} {
			if _, err := w.takePasswords(ada, i.ID, key); !errors.Is(err, importer.ErrPasswordKey) {
				t.Errorf("with %s: %v", name, err)
			}
		}
		colleague := ada
		colleague.User = "a0000000-0000-7000-8000-000000000002"
		if _, err := w.takePasswords(colleague, i.ID, key); !errors.Is(err, refusal.NotFound) {
			t.Errorf("a colleague: %v", err)
		}
		if taken := w.texts("SELECT operation FROM activity WHERE operation = 'take_customer_passwords'"); len(taken) != 0 {
			t.Error("what was refused is recorded as done")
		}

		taken, err := w.takePasswords(ada, i.ID, key)
		if err != nil || len(taken) != 2 {
			t.Fatalf("taken %+v, %v", taken, err)
		}
		first := taken[0]
		if first.Row != 1 || first.ID != "1" || first.Name != "Lunds Bageri AB" || first.Customer != w.customers(w.direct)[0].ID ||
			!strings.HasPrefix(first.UserName, "admin@lundsbageri") || len(first.Password) < 16 || first.Password == taken[1].Password {
			t.Errorf("the first is %+v", first)
		}
		if _, err := w.takePasswords(ada, i.ID, key); !errors.Is(err, importer.ErrPasswordsGone) {
			t.Errorf("a second time: %v", err)
		}
		if kept := w.passwordsKept(ada, i.ID, key); kept != (importer.PasswordsKept{}) {
			t.Errorf("still kept %+v", kept)
		}
		who := w.texts("SELECT user_name FROM activity WHERE operation = 'take_customer_passwords'")
		if !slices.Equal(who, []string{ada.UserName}) {
			t.Errorf("the log says that %q took them", who)
		}
	})
}

// What is kept of passwords says nothing without the key.
func TestKeptPasswordsAreSealed(t *testing.T) { // rule C9
	w := newWorld(t, dbtest.SQLite(t))
	workers, ada := w.workers(), agent(w.direct)
	i := w.uploaded(ada, smallFile)
	key := w.startKeeping(ada, i.ID)
	w.runDue(workers)
	kept := w.texts("SELECT sealed FROM import_passwords")
	options := w.texts("SELECT options || password_key FROM imports")
	taken, err := w.takePasswords(ada, i.ID, key)
	if err != nil || len(kept) != 1 {
		t.Fatalf("%d kept, %v", len(kept), err)
	}
	for _, text := range []string{taken[0].Password, taken[0].UserName, string(key)} {
		if strings.Contains(kept[0]+options[0], text) {
			t.Errorf("%q is kept as it is", text)
		}
	}
	if left := w.texts("SELECT id FROM import_passwords"); len(left) != 0 {
		t.Errorf("%q are left after they were taken", left)
	}
}

func TestPasswordsGoAfterADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		workers, ada := w.workers(), agent(w.direct)
		i := w.uploaded(ada, smallFile)
		key := w.startKeeping(ada, i.ID)
		w.runDue(workers)
		w.k.Clock.Advance(importer.PasswordTime - time.Minute)
		w.runDue(workers)
		if kept := w.passwordsKept(ada, i.ID, key); kept.Customers != 2 {
			t.Fatalf("before a day is over %+v", kept)
		}
		w.k.Clock.Advance(2 * time.Minute)
		if _, err := w.takePasswords(ada, i.ID, key); !errors.Is(err, importer.ErrPasswordsGone) {
			t.Errorf("after a day: %v", err)
		}
		w.k.Clock.Advance(time.Hour)
		w.runDue(workers)
		if left := w.texts("SELECT id FROM import_passwords"); len(left) != 0 {
			t.Errorf("%q are left after a day", left)
		}
	})
}

func TestPasswordsGoWithTheirImport(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	workers, ada := w.workers(), agent(w.direct)
	i := w.uploaded(ada, smallFile)
	w.startKeeping(ada, i.ID)
	w.runDue(workers)
	if _, err := importer.Discard.Do(t.Context(), w.k, ada, importer.ByID{ID: i.ID}); err != nil {
		t.Fatal(err)
	}
	if left := w.texts("SELECT id FROM import_passwords"); len(left) != 0 {
		t.Errorf("%q are left", left)
	}
}

// An import of any size is taken along, and one that was cancelled, in whichever
// pieces it was written.
func TestPasswordsOfManyBatchesAreTakenAlong(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	workers, ada := w.workers(), agent(w.direct)
	const rows = 1300
	i := w.uploaded(ada, header+bulk(rows, "p"))
	key := w.startKeeping(ada, i.ID)
	w.runDue(workers)
	taken, err := w.takePasswords(ada, i.ID, key)
	if err != nil || len(taken) != rows || taken[rows-1].Row != rows {
		t.Fatalf("taken %d, %v", len(taken), err)
	}
}

func TestUploadsThatHoldNothingAreNotKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, text := range map[string]string{"nothing": "", "blank lines": "\n\n \n", "the names of the columns alone": header} {
			_, err := importer.Upload(t.Context(), w.k, agent(w.direct), "empty.csv", strings.NewReader(text))
			if !errors.Is(err, importer.ErrEmptyFile) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if left := w.texts("SELECT id FROM imports UNION ALL SELECT import_id FROM import_chunks"); len(left) != 0 {
			t.Errorf("kept %q", left)
		}
	})
}

// A spreadsheet that saves in Windows-1252 is read as it was written, from the
// preview to the customer.
func TestASpreadsheetOfWesternEuropeIsImportedWhole(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	workers, ada := w.workers(), agent(w.direct)
	i := w.uploaded(ada, header+"1;Kund Ett AB;;Storgatan 1;222 21;Lund;SE;sv\n2;G\xf6teborgs M\xe5leri AB;;Kajen 1;211 20;Malm\xf6;SE;sv\n")
	if i.Encoding != importer.Windows1252 {
		t.Fatalf("recognised as %s", i.Encoding)
	}
	p, err := importer.LookAhead.Do(t.Context(), w.k, ada, importer.Order{ID: i.ID, Options: reached(importer.Options{})})
	if err != nil || len(p.Rows) != 2 || p.Rows[1].Name != "Göteborgs Måleri AB" || p.Rows[1].Outcome != importer.Created {
		t.Fatalf("preview %+v, %v", p.Rows, err)
	}
	if other, err := importer.LookAhead.Do(t.Context(), w.k, ada, importer.Order{ID: i.ID, Options: reached(importer.Options{Encoding: importer.Macintosh})}); err != nil || other.Rows[1].Name == p.Rows[1].Name {
		t.Errorf("with another encoding %+v, %v", other.Rows, err)
	}
	w.start(ada, i.ID, reached(importer.Options{}))
	w.runDue(workers)
	w.wantOutcomes(w.results(ada, i.ID, ""), "created", "created")
	if added := w.customers(w.direct); added[1].Name != "Göteborgs Måleri AB" {
		t.Errorf("added %q", added[1].Name)
	}
}
