/// <summary>How many samples to draw, and from which seed; null for another one each time.</summary>
internal sealed record SampleBody(int Count, int? Seed = null);
