"""What a city decides about its reports: colours, its mark, what counts as worth telling."""
