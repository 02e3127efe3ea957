public import Gateway
public import Outbound

extension TrustKeeper: TrustSource {}
