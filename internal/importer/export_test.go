package importer

// UploadUpTo is Upload with another limit.
var UploadUpTo = upload
