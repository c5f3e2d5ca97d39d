"""Short videos and picture posts: uploads, the media pipeline, product anchors, likes, comments, creators' pages."""
