package visit

// InvitationPath is where a customer answers an invitation; the members of its link
// follow (K-4).
const InvitationPath = "/admin/invitation"
