internal import Gateway
internal import Outbound

extension TrustKeeper: TrustSource {}
