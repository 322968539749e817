package argument_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"comptoir/cmd/comptoir/argument"
)

type bakery struct {
	DB   string `env:"BAKERY_DB" default:"flour.db" help:"Where the flour is."`
	JSON bool   `env:"BAKERY_JSON" help:"Print JSON."`
	Mail struct {
		Host string `name:"mail-host" enum:",post,pigeon" default:"" help:"How letters leave."`
	} `embed:"" group:"Mail"`

	Bake  bake  `cmd:"" help:"Bake bread."`
	Stock stock `cmd:"" help:"What is there."`
}

type bake struct {
	Bread string        `arg:"" help:"Which bread."`
	For   time.Duration `default:"40m" help:"How long."`
	Count int           `required:"" help:"How many loaves."`
	With  []string      `env:"BAKERY_WITH" help:"What is in it besides."`
}

type stock struct {
	Add addStock `cmd:"" help:"Add what was delivered."`
}

type addStock struct {
	File string `arg:"" type:"existingfile" help:"The delivery note."`
	To   string `type:"path" help:"Where it is kept."`
}

func parse(t *testing.T, line string) (bakery, any, error) {
	t.Helper()
	var b bakery
	chosen, err := argument.Program{Name: "bakery", Description: "Bread.", Into: &b}.Parse(strings.Fields(line))
	return b, chosen, err
}

func TestACommandLineIsRead(t *testing.T) {
	loaf := bake{Bread: "rye", For: 40 * time.Minute, Count: 3}
	for _, tt := range []struct {
		line string
		want bakery
	}{
		{"bake rye --count 3", bakery{DB: "flour.db", Bake: loaf}},
		{"--json bake --count=3 rye", bakery{DB: "flour.db", JSON: true, Bake: loaf}},
		{"bake --count 3 --db=x.db --json=no -- rye", bakery{DB: "x.db", Bake: loaf}},
		{"bake rye --count 3 --db -", bakery{DB: "-", Bake: loaf}},
		{
			"bake -- --count --count 3", bakery{},
		},
		{
			"bake rye --with nuts,figs --count 3 --for 1h --with salt",
			bakery{DB: "flour.db", Bake: bake{Bread: "rye", For: time.Hour, Count: 3, With: []string{"nuts", "figs", "salt"}}},
		},
	} {
		got, chosen, err := parse(t, tt.line)
		if reflect.DeepEqual(tt.want, bakery{}) {
			if err == nil {
				t.Errorf("%s is taken", tt.line)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, %v, want %+v", tt.line, got, err, tt.want)
		}
		if _, ok := chosen.(*bake); !ok {
			t.Errorf("%s chooses %T", tt.line, chosen)
		}
	}
}

func TestAVariableStandsInForAFlag(t *testing.T) {
	t.Setenv("BAKERY_DB", "variable.db")
	t.Setenv("BAKERY_JSON", "true")
	t.Setenv("BAKERY_WITH", "nuts,figs")
	got, _, err := parse(t, "bake rye --count 1 --with salt")
	if err != nil || got.DB != "variable.db" || !got.JSON || len(got.Bake.With) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, _, err = parse(t, "bake rye --count 1 --db given.db"); err != nil || got.DB != "given.db" || len(got.Bake.With) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	t.Setenv("BAKERY_DB", "")
	if got, _, err = parse(t, "bake rye --count 1"); err != nil || got.DB != "flour.db" {
		t.Errorf("an empty variable is none: %+v, %v", got, err)
	}
}

func TestFilesGetAbsoluteNames(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("note", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	got, chosen, err := parse(t, "stock add note --to ledger")
	if add, ok := chosen.(*addStock); err != nil || !ok || add.File != filepath.Join(folder, "note") || add.To != filepath.Join(folder, "ledger") {
		t.Errorf("%+v, %T, %v", got, chosen, err)
	}
	if got, _, err := parse(t, "stock add -"); err != nil || got.Stock.Add.File != "-" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	for line, want := range map[string]string{
		"":                                   "a command is missing: bake, stock",
		"stock":                              "a command is missing: add",
		"fry":                                `no command "fry"`,
		"stock burn":                         `no command "stock burn"`,
		"bake":                               "missing flags: --count=NUMBER",
		"bake --count 1":                     "<bread> is missing",
		"bake rye wheat --count 1":           "unexpected argument wheat",
		"bake rye --count":                   "--count=NUMBER needs a value",
		"bake rye --count --json":            "--count=NUMBER needs a value",
		"bake rye --count many":              `parsing "many"`,
		"bake rye --count 1 --for ever":      "invalid duration",
		"bake rye --count 1 --json=perhaps":  "--json",
		"bake rye --count 1 --sugar":         "unknown flag --sugar",
		"bake rye --count 1 -x":              "unknown flag -x",
		"--count 1 bake rye":                 "unknown flag --count",
		"bake rye --count 1 --mail-host fax": "it may be post, pigeon",
		"stock add nowhere":                  "no such file",
		"stock add .":                        "is a folder",
	} {
		if _, _, err := parse(t, line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", line, err, want)
		}
	}
}

func TestHelpNamesEverythingOnce(t *testing.T) {
	for line, want := range map[string][]string{
		"--help":           {"Usage: bakery <command> [flags]", "bake --count=NUMBER <bread> [flags]", "stock add <file> [flags]", "--db=TEXT", "Default: flour.db. Variable: BAKERY_DB.", "Mail:\n  --mail-host=TEXT"},
		"bake rye -h":      {"Usage: bakery bake --count=NUMBER <bread> [flags]", "Bake bread.", "  <bread>\n      Which bread.", "--for=TIME", "--with=TEXT,…", "Flags of all commands:\n  --db=TEXT"},
		"stock --help":     {"Usage: bakery stock <command> [flags]", "stock add <file> [flags]"},
		"stock add --help": {"--to=FILE"},
	} {
		_, _, err := parse(t, line)
		var help *argument.Help
		if !errors.As(err, &help) {
			t.Errorf("%s: %v", line, err)
			continue
		}
		for _, words := range want {
			if strings.Count(help.Text, words) != 1 {
				t.Errorf("%s: %q is not there once:\n%s", line, words, help.Text)
			}
		}
		for l := range strings.Lines(help.Text) {
			if len([]rune(l)) > 81 {
				t.Errorf("%s: a long line: %q", line, l)
			}
		}
	}
}
