module learn-ingress/tools/crds

go 1.26.0

// CRD files, read from the modules' own sources.
require (
	sigs.k8s.io/gateway-api v1.6.3
	github.com/cert-manager/cert-manager v1.21.2
	go.universe.tf/metallb v0.16.2
)
