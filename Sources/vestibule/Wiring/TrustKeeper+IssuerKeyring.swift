public import Accounts
public import Outbound

extension TrustKeeper: IssuerKeyring {}
