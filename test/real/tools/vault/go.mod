module learn-ingress/tools/vault

go 1.26.0

require github.com/hashicorp/vault v1.21.0

require (
	github.com/godbus/dbus v4.1.0+incompatible // indirect
	github.com/gsterjov/go-libsecret v0.0.0-20161001094733-a6f4afe4910c // indirect
)

// v1.21.0 was tagged together with this sdk and replaces it by a folder of its own tree.
replace github.com/hashicorp/vault/sdk => github.com/hashicorp/vault/sdk v0.20.0
