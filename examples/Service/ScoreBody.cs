/// <summary>Rows to score.</summary>
internal sealed record ScoreBody(double[][] Rows);
