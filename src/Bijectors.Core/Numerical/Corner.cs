namespace Bijectors;

/// <summary>A corner of an image, where an order of its pixels begins.</summary>
public enum Corner
{
    /// <summary>Rows from the first to the last, columns too.</summary>
    TopLeft,

    /// <summary>Rows from the first to the last, columns from the last to the first.</summary>
    TopRight,

    /// <summary>Rows from the last to the first, columns from the first to the last.</summary>
    BottomLeft,

    /// <summary>Rows from the last to the first, columns too.</summary>
    BottomRight,
}
