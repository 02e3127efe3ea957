extension SCIMSchema {
    /// Users (RFC 7643 §4.1). A `password` is neither asked for nor kept.
    public static let user = SCIMSchema(
        "urn:ietf:params:scim:schemas:core:2.0:User", name: "User", "A member of the organization",
        [
            SCIMAttribute("externalId", "The client's own name for the resource.") { attribute in
                attribute.isCaseExact = true
            },
            SCIMAttribute("userName", "The name that the directory knows the user by.") { attribute in
                attribute.isRequired = true
                attribute.uniqueness = .server
            },
            .complex(
                "name", "The parts of the user's name.",
                [
                    SCIMAttribute("formatted", "The whole name."), SCIMAttribute("familyName", "The family name."),
                    SCIMAttribute("givenName", "The given name."), SCIMAttribute("middleName", "The middle name."),
                    SCIMAttribute("honorificPrefix", "What stands before the name."),
                    SCIMAttribute("honorificSuffix", "What stands behind the name."),
                ]),
            SCIMAttribute("displayName", "The name to be shown."),
            SCIMAttribute("nickName", "How the user is called."),
            SCIMAttribute("profileUrl", .reference, "A page about the user.") { attribute in
                attribute.referenceTypes = ["external"]
            },
            SCIMAttribute("title", "The user's title."),
            SCIMAttribute("userType", "What the user is to the organization."),
            SCIMAttribute("preferredLanguage", "The user's languages."), SCIMAttribute("locale", "The user's locale."),
            SCIMAttribute("timezone", "The user's time zone."),
            SCIMAttribute("active", .boolean, "Whether the user may use the organization."),
            .plural(
                "emails", "The user's e-mail addresses; by the primary one a login finds the user.",
                types: ["work", "home", "other"]),
            .plural("phoneNumbers", "The user's telephone numbers.", types: ["work", "home", "mobile", "other"]),
            .plural("ims", "The user's instant messaging addresses."),
            .plural("photos", "Pictures of the user.", value: .reference, types: ["photo", "thumbnail"]),
            .plural(
                "addresses", "The user's postal addresses.",
                parts: [
                    SCIMAttribute("formatted", "The whole address."),
                    SCIMAttribute("streetAddress", "Street and number."),
                    SCIMAttribute("locality", "The city."), SCIMAttribute("region", "The state or region."),
                    SCIMAttribute("postalCode", "The postal code."), SCIMAttribute("country", "The country."),
                    SCIMAttribute("type", "What the address is for.") {
                        $0.canonicalValues = ["work", "home", "other"]
                    },
                    SCIMAttribute("primary", .boolean, "Whether it is the preferred one."),
                ]),
            SCIMAttribute("groups", .complex, "The groups of the organization that the user is in.") { attribute in
                attribute.isMultiValued = true
                attribute.mutability = .readOnly
                attribute.parts = [
                    SCIMAttribute("value", "The group's id.") { $0.mutability = .readOnly },
                    SCIMAttribute("$ref", .reference, "Where the group is.") { part in
                        part.referenceTypes = ["Group"]
                        part.mutability = .readOnly
                        part.isCaseExact = true
                    },
                    SCIMAttribute("display", "The group's name.") { $0.mutability = .readOnly },
                ]
            },
            .plural("entitlements", "What the user is entitled to."),
            .plural("roles", "The directory's roles of the user."),
            .plural("x509Certificates", "The user's certificates.", value: .binary),
        ])

    /// The enterprise extension of users (RFC 7643 §4.3).
    public static let enterprise = SCIMSchema(
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", name: "EnterpriseUser", "Who works for somebody",
        [
            SCIMAttribute("employeeNumber", "The number among the employees."),
            SCIMAttribute("costCenter", "The cost centre."), SCIMAttribute("organization", "The organization."),
            SCIMAttribute("division", "The division."), SCIMAttribute("department", "The department."),
            .complex(
                "manager", "The user's manager.",
                [
                    SCIMAttribute("value", "The manager's id.") { $0.isCaseExact = true },
                    SCIMAttribute("$ref", .reference, "Where the manager is.") { part in
                        part.referenceTypes = ["User"]
                        part.isCaseExact = true
                    },
                    SCIMAttribute("displayName", "The manager's name.") { $0.mutability = .readOnly },
                ]),
        ])

    /// Groups (RFC 7643 §4.2).
    public static let group = SCIMSchema(
        "urn:ietf:params:scim:schemas:core:2.0:Group", name: "Group", "A group of members of the organization",
        [
            SCIMAttribute("externalId", "The client's own name for the resource.") { attribute in
                attribute.isCaseExact = true
            },
            SCIMAttribute("displayName", "The group's name; that of a role gives the role to its members.") {
                attribute in
                attribute.isRequired = true
                attribute.uniqueness = .server
            },
            SCIMAttribute("members", .complex, "Who is in the group.") { attribute in
                attribute.isMultiValued = true
                attribute.parts = [
                    SCIMAttribute("value", "The user's id.") { $0.mutability = .immutable },
                    SCIMAttribute("$ref", .reference, "Where the user is.") { part in
                        part.referenceTypes = ["User"]
                        part.mutability = .immutable
                        part.isCaseExact = true
                    },
                    SCIMAttribute("type", "What the member is.") { part in
                        part.canonicalValues = ["User"]
                        part.mutability = .immutable
                    },
                ]
            },
        ])

    /// What every resource has besides its schema's attributes (RFC 7643 §3.1); the service's own to say.
    static let common = [
        SCIMAttribute("id", "The resource's id.") { attribute in
            attribute.isCaseExact = true
            attribute.mutability = .readOnly
        },
        SCIMAttribute("meta", .complex, "What is known of the resource itself.") { attribute in
            attribute.mutability = .readOnly
            attribute.parts = [
                SCIMAttribute("resourceType", "What the resource is.") { $0.isCaseExact = true },
                SCIMAttribute("created", .dateTime, "When it was made."),
                SCIMAttribute("lastModified", .dateTime, "When it was changed last."),
            ]
        },
    ]

    /// All there are.
    public static let all = [user, group, enterprise]
}
