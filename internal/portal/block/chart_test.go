package block_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"comptoir/internal/portal/block"
)

func chart(kind block.ChartKind, series ...block.Series) block.Chart {
	return block.Chart{ID: "c", Kind: kind, Title: "Spending", Summary: "It grows.", Labels: []string{"Jan", "Feb", "Mar"}, LabelTitle: "Month", Series: series}
}

func TestBehindEveryChartStandsATable(t *testing.T) {
	for _, kind := range []block.ChartKind{block.Bars, block.Lines, block.Donut} {
		page := draw(t, block.ChartOf(english, chart(kind, block.Series{Name: "Licenses", Values: []float64{1, 2, 3.5}}, block.Series{Name: "Usage", Values: []float64{4}})))
		if got := text(one(t, page, "details table")); got != "Spending Month Licenses Usage Jan 1 4 Feb 2 0 Mar 3.5 0" {
			t.Errorf("the table reads %q", got)
		}
		if got := text(one(t, page, "figcaption")); got != "Spending It grows." {
			t.Errorf("the caption reads %q", got)
		}
	}
}

func TestAnAxisEndsOnRoundNumbers(t *testing.T) {
	for _, c := range []struct {
		values []float64
		ticks  string
	}{
		{[]float64{1, 2, 3}, "3 2 1 0"},
		{[]float64{7640, 5300, 6120}, "8000 6000 4000 2000 0"},
		{[]float64{510, -180, 300}, "600 400 200 0 -200"},
		{[]float64{0, 0, 0}, "1 0.75 0.5 0.25 0"},
		{[]float64{0.003, 0.001, 0}, "0.003 0.002 0.001 0"},
		{[]float64{-5, -10, 0}, "0 -2.5 -5 -7.5 -10"},
	} {
		page := draw(t, block.ChartOf(english, chart(block.Bars, block.Series{Values: c.values})))
		if got := text(one(t, page, ".plot-y")); got != c.ticks {
			t.Errorf("%v has the axis %q, want %q", c.values, got, c.ticks)
		}
	}
}

func TestAnAxisOfWhatIsCountedHasNoFractions(t *testing.T) {
	for ticks, values := range map[string][]float64{"1 0": {0, 0, 0}, "2 1 0": {2, 1, 0}, "9 6 3 0": {9, 1, 0}, "40 30 20 10 0": {37, 1, 0}} {
		c := chart(block.Bars, block.Series{Values: values})
		c.Whole = true
		if got := text(one(t, draw(t, block.ChartOf(english, c)), ".plot-y")); got != ticks {
			t.Errorf("%v has the axis %q, want %q", values, got, ticks)
		}
	}
}

func TestSeriesDifferByMoreThanColour(t *testing.T) {
	one1, two := block.Series{Name: "A", Values: []float64{1, 2, 3}}, block.Series{Name: "B", Values: []float64{3, 2, 1}}
	bars := draw(t, block.ChartOf(english, chart(block.Bars, one1, two)))
	if n := len(find(bars, ".plot-area g.s2 rect.over[fill='url(#c-p1)']")); n != 3 {
		t.Errorf("%d bars of the second series carry a pattern", n)
	}
	if n := len(find(bars, ".plot-area g.s1 rect.over")); n != 0 {
		t.Errorf("%d bars of the first series carry a pattern", n)
	}
	lines := draw(t, block.ChartOf(english, chart(block.Lines, one1, two)))
	if len(find(lines, ".plot-area .s1 .mark circle")) != 3 || len(find(lines, ".plot-area .s2 .mark rect")) != 3 {
		t.Error("the lines have the same markers")
	}
}

func TestADonutSharesTheWhole(t *testing.T) {
	page := draw(t, block.ChartOf(english, chart(block.Donut, block.Series{Values: []float64{50, 25, 25}})))
	if got := text(one(t, page, "ol.legend")); got != "Jan 50 50% Feb 25 25% Mar 25 25%" {
		t.Errorf("the legend reads %q", got)
	}
	empty := draw(t, block.ChartOf(english, chart(block.Donut, block.Series{Values: []float64{0, 0, 0}})))
	if strings.Contains(text(empty), "NaN") {
		t.Error("a donut of nothing shows NaN")
	}
}

// Whatever the numbers, no bar leaves the plot and nothing is drawn as NaN.
func TestChartsHoldAnyNumbers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), 0, 30).Draw(rt, "values")
		c := chart(rapid.SampledFrom([]block.ChartKind{block.Bars, block.Lines, block.Donut}).Draw(rt, "kind"), block.Series{Values: values})
		c.Labels = nil
		for range values {
			c.Labels = append(c.Labels, "x")
		}
		page := draw(t, block.ChartOf(english, c))
		for _, rect := range find(page, ".plot-area g > rect") {
			for _, name := range []string{"x", "y", "width", "height"} {
				if v := attr(rect, name); strings.HasPrefix(v, "-") || strings.Contains(v, "NaN") || len(strings.Split(v, ".")[0]) > 4 {
					rt.Fatalf("a bar of %v has %s %s", values, name, v)
				}
			}
		}
	})
}

func TestASparklineNeedsACourse(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 0, 2: 1, 7: 1} {
		if got := len(find(draw(t, block.Sparkline(make([]float64, n))), "svg")); got != want {
			t.Errorf("%d values draw %d lines", n, got)
		}
	}
}
