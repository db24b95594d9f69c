"""The project: settings, servers, processes and addresses. No product code."""
