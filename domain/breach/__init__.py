"""Cases: from a finding through notice, confirmation and sanction to the end of its publicity."""
