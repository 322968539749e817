package naming

import (
	"path"
	"strings"
)

// maxFileName bounds the name of a file, in bytes.
const maxFileName = 200

// FileName returns the name of a file that somebody sent as it is shown: without
// its folders, of bounded length, and "?" when it cannot be printed.
func FileName(name string) string {
	name = Trim(path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/")))
	for len(name) > maxFileName {
		name = strings.ToValidUTF8(name[:maxFileName], "")
	}
	if !Printable(name) || name == "." || name == "/" {
		return "?"
	}
	return name
}
