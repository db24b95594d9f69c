"""The review of one ended quarter: the agency's figures, what moved since the quarter before, and every account.

All of it for clients already narrowed by access; the rates and the signal test are the agency's own.
"""
