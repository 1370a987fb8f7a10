"""What an admin saved or exported from Salesforce, read without a login: the error report, the status page."""
