package block

import (
	"math"
	"strconv"
	"strings"
)

// Chart is a picture of numbers, drawn on the server as SVG. Behind each stands
// a table with the same numbers, and series differ by pattern, dash and marker
// as well as by colour.
type Chart struct {
	// ID names the chart in the page.
	ID    string
	Kind  ChartKind
	Title string
	// Summary is the sentence a reader should take away; screen readers get it
	// in place of the picture.
	Summary string
	// Labels are the words below the values: months, products.
	Labels []string
	Series []Series
	// Unit stands behind the title: "EUR", "GB".
	Unit string
	// Whole says that the values count things, which have no fractions.
	Whole bool
	// Format turns a value into text in the reader's language.
	Format func(float64) string
	// LabelTitle heads the first column of the table.
	LabelTitle string
	// Total is the text in the middle of a donut.
	Total string
}

// ChartKind is the form of a chart.
type ChartKind uint8

// The forms. A Donut draws the first series only.
const (
	Bars ChartKind = iota // several series are stacked
	Lines
	Donut
)

// Series is one row of numbers, as many as the chart has labels.
type Series struct {
	Name   string
	Values []float64
}

func (c Chart) format(v float64) string {
	if c.Format == nil {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return c.Format(v)
}

// scale is the vertical axis: from low to high in equal steps of a round number.
type scale struct{ low, high, step float64 }

// newScale finds an axis with about four steps that holds all values and zero,
// with whole steps for whole values.
func newScale(low, high float64, whole bool) scale {
	low, high = math.Min(low, 0), math.Max(high, 0)
	if high == low {
		high = 1
	}
	raw := (high - low) / 4
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * unit
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*unit >= raw {
			step = m * unit
			break
		}
	}
	if whole {
		step = math.Ceil(step)
	}
	return scale{low: math.Floor(low/step) * step, high: math.Ceil(high/step) * step, step: step}
}

// at is the place of v on the axis in per cent from the top.
func (s scale) at(v float64) float64 { return 100 * (s.high - v) / (s.high - s.low) }

// ticks are the marks of the axis from the top down.
func (s scale) ticks() []float64 {
	n := int(math.Round((s.high - s.low) / s.step))
	ticks := make([]float64, 0, n+1)
	for i := n; i >= 0; i-- {
		ticks = append(ticks, s.low+float64(i)*s.step)
	}
	return ticks
}

// scale is the axis that fits the chart: stacked for bars.
func (c Chart) scale() scale {
	low, high := 0.0, 0.0
	for i := range c.Labels {
		up, down := 0.0, 0.0
		for _, s := range c.Series {
			v := s.at(i)
			if c.Kind != Bars {
				low, high = math.Min(low, v), math.Max(high, v)
				continue
			}
			up, down = up+math.Max(v, 0), down+math.Min(v, 0)
		}
		low, high = math.Min(low, down), math.Max(high, up)
	}
	return newScale(low, high, c.Whole)
}

// at is the value at place i, and 0 where the series is too short.
func (s Series) at(i int) float64 {
	if i < len(s.Values) {
		return s.Values[i]
	}
	return 0
}

// bar is one rectangle of a bar chart, all in per cent of the plot.
type bar struct {
	series              int
	x, y, width, height string
	title               string
}

// bars lays the rectangles out: one band per label, series stacked upwards, and
// downwards below zero.
func (c Chart) bars() []bar {
	s, band := c.scale(), 100/float64(max(len(c.Labels), 1))
	width := band * c.fullness()
	bars := make([]bar, 0, len(c.Labels)*len(c.Series))
	for i, label := range c.Labels {
		up, down := 0.0, 0.0
		for n, series := range c.Series {
			v := series.at(i)
			if v == 0 {
				continue
			}
			from := &up
			if v < 0 {
				from = &down
			}
			top, bottom := s.at(math.Max(*from, *from+v)), s.at(math.Min(*from, *from+v))
			*from += v
			bars = append(bars, bar{
				series: n, x: percent(float64(i)*band + (band-width)/2), y: percent(top),
				width: percent(width), height: percent(bottom - top),
				title: c.point(label, series.Name, v),
			})
		}
	}
	return bars
}

// fullness is the share of its band that a bar takes: few bars stay slender.
func (c Chart) fullness() float64 {
	switch n := len(c.Labels); {
	case n <= 6:
		return 0.36
	case n <= 12:
		return 0.5
	}
	return 0.64
}

// point is the tooltip of one value.
func (c Chart) point(label, series string, v float64) string {
	if len(c.Series) < 2 || series == "" {
		return label + ": " + c.format(v)
	}
	return label + ", " + series + ": " + c.format(v)
}

// path is the line of a series in a plot of 100 by 100.
func (c Chart) path(series Series) string {
	s, band := c.scale(), 100/float64(max(len(c.Labels), 1))
	var b strings.Builder
	for i := range series.Values {
		if i >= len(c.Labels) {
			break
		}
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(number((float64(i)+0.5)*band) + " " + number(s.at(series.Values[i])))
	}
	return b.String()
}

// mark is one point of a line.
type mark struct {
	x, y, title string
	last        bool
}

func (c Chart) marks(series Series) []mark {
	s, band := c.scale(), 100/float64(max(len(c.Labels), 1))
	marks := make([]mark, 0, len(series.Values))
	for i, label := range c.Labels {
		if i < len(series.Values) {
			v := series.Values[i]
			marks = append(marks, mark{
				x: percent((float64(i) + 0.5) * band), y: percent(s.at(v)),
				title: c.point(label, series.Name, v), last: i == len(c.Labels)-1,
			})
		}
	}
	return marks
}

// slice is one part of a donut whose circumference is 100.
type slice struct {
	length, gap, offset string
	label, value, share string
}

// slices cuts the first series into parts, clockwise from the top.
func (c Chart) slices(share func(float64) string) []slice {
	if len(c.Series) == 0 {
		return nil
	}
	total := 0.0
	for i := range c.Labels {
		total += math.Max(c.Series[0].at(i), 0)
	}
	parts := make([]slice, 0, len(c.Labels))
	for i, from := 0, 0.0; i < len(c.Labels); i++ {
		v := math.Max(c.Series[0].at(i), 0)
		part := 0.0
		if total > 0 {
			part = v / total
		}
		// A gap of 0.8 parts neighbours; a very small part stays visible.
		seen := math.Max(part*100-0.8, math.Min(part*100, 0.6))
		parts = append(parts, slice{
			length: number(seen), gap: number(100 - seen), offset: number(25 - from),
			label: c.Labels[i], value: c.format(v), share: share(part),
		})
		from += part * 100
	}
	return parts
}

// every is how many labels of the axis share one word, so that words do not touch.
func (c Chart) every() int { return (len(c.Labels) + 11) / 12 }

func percent(v float64) string { return number(v) + "%" }

// number writes v with at most two decimals.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// sparkPath is a line through values in a box of 100 by 100.
func sparkPath(values []float64) string {
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = math.Min(low, v), math.Max(high, v)
	}
	if high == low {
		high, low = high+1, low-1
	}
	var b strings.Builder
	for i, v := range values {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(number(100*float64(i)/float64(len(values)-1)) + " " + number(96-92*(v-low)/(high-low)))
	}
	return b.String()
}
