package v1

import (
	"strconv"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/refusal"
)

// etagOf writes a version as an etag: a decimal, as the contract's billing
// profiles have it.
func etagOf(version int64) string { return strconv.FormatInt(version, 10) }

// version returns the version that a caller says it changes (section 6): of the
// If-Match header, else of the etag in the body; 0 is any version. Text that is
// no version of ours is refusal.RF18, and so is no etag at all where the
// operator wants one.
func (c *call) version(body wire.AttributesRequest) (int64, error) {
	etag := c.etag(body)
	switch {
	case etag == "" && c.etagInBody && c.api.kernel.Setting(StrictEtag) == "true":
		return 0, refusal.RF18
	case etag == "":
		return 0, nil
	}
	version, err := strconv.ParseInt(etag, 10, 64)
	if err != nil || version == 0 {
		return 0, refusal.RF18.Because(err)
	}
	return version, nil
}
