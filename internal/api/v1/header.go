package v1

// Headers of the contract, in the canonical spelling of net/http; names of
// headers have no case.
const (
	requestIDHeader     = "Ms-Requestid"                 // MS-RequestId
	correlationIDHeader = "Ms-Correlationid"             // MS-CorrelationId
	vectorHeader        = "Ms-Cv"                        // MS-CV
	serverIDHeader      = "Ms-Serverid"                  // MS-ServerId
	tokenHeader         = "Ms-Continuationtoken"         // MS-ContinuationToken
	applicationHeader   = "Ms-Partnercenter-Application" // MS-PartnerCenter-Application
	clientHeader        = "Ms-Partnercenter-Client"      // MS-PartnerCenter-Client
	sdkVersionHeader    = "Ms-Sdkversion"                // MS-SdkVersion
	validateMFAHeader   = "Validatemfa"                  // ValidateMfa
	localeHeader        = "X-Locale"
)
