namespace Bijectors.Training;

/// <summary>Which rule turns gradients into steps; the two differ only in what weight decay does.</summary>
public enum OptimizerKind
{
    /// <summary>
    /// Adam: weight decay is added to the gradient, <c>g + w p</c>. Source: Kingma, Ba 2015, arXiv 1412.6980.
    /// </summary>
    Adam,

    /// <summary>
    /// AdamW: weight decay shrinks the parameter itself, <c>p (1 - lr w)</c>. Source: Loshchilov, Hutter 2019, arXiv
    /// 1711.05101.
    /// </summary>
    AdamW,
}
