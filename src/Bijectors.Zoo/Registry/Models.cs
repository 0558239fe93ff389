namespace Bijectors.Zoo;

/// <summary>The models that can be named: on a command line, in a saved file, in a comparison.</summary>
public static class Models
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Model> All { get; } =
    [
        Model.Of<MixerFlowOptions>(
            "mixerflow", "MixerFlow", MixerFlow.Create, MixerFlow.LearningRate, MixerFlow.OptionsFor),
        Model.Of<GlowOptions>("glow", "Glow", Glow.Create, (_, _) => 5e-3, Glow.OptionsFor),
        Model.Of<RealNvpOptions>("realnvp", "RealNVP", RealNvp.Create, (_, _) => 5e-3, RealNvp.OptionsFor),
        Model.Of<MafOptions>("maf", "MAF", Maf.Create, (_, _) => 5e-3, Maf.OptionsFor),
        Model.Of<NsfOptions>("nsf", "NSF", Nsf.Create, (_, _) => 5e-3, Nsf.OptionsFor),
        Model.Of<NiceOptions>("nice", "NICE", Nice.Create, (_, _) => 5e-3, Nice.OptionsFor),
        Model.Of<TarFlowOptions>("tarflow", "TarFlow", TarFlow.Create, (_, _) => 1e-2, TarFlow.OptionsFor),
        Model.Of<JetOptions>("jet", "Jet", Jet.Create, (_, _) => 1e-2, Jet.OptionsFor),
        Model.Of<IafOptions>("iaf", "IAF", Iaf.Create, (_, _) => 5e-3, Iaf.OptionsFor),
        Model.Of<NafOptions>("naf", "NAF", Naf.Create, (_, _) => 5e-3, Naf.OptionsFor),
        Model.Of<GaussianizationFlowOptions>(
            "gaussianization", "Gaussianization flow", GaussianizationFlow.Create, (_, _) => 1e-2,
            GaussianizationFlow.OptionsFor),
        Model.Of<PlanarFlowOptions>(
            "planar", "Planar flow", PlanarFlow.Create, (_, _) => 1e-2, PlanarFlow.OptionsFor),
        Model.Of<SylvesterFlowOptions>(
            "sylvester", "Sylvester flow", SylvesterFlow.Create, (_, _) => 1e-2, SylvesterFlow.OptionsFor),
        Model.Of<ResidualFlowOptions>(
            "resflow", "Residual flow", ResidualFlow.Create, (_, _) => 5e-3, ResidualFlow.OptionsFor),
        Model.Of<FlowPlusPlusOptions>(
            "flowpp", "Flow++", FlowPlusPlus.Create, (_, _) => 5e-3, FlowPlusPlus.OptionsFor),
        Model.Of<JetFormerOptions>(
            "jetformer", "JetFormer", JetFormer.Create, (_, _) => 1e-2, JetFormer.OptionsFor),
        Model.Of<FarmerOptions>("farmer", "FARMER", Farmer.Create, (_, _) => 1e-2, Farmer.OptionsFor),
        Model.Of<LatentFlowOptions>(
            "latentflow", "Latent flow", LatentFlow.Create, (_, _) => 1e-2, LatentFlow.OptionsFor),
        Model.Of<CifOptions>("cif", "CIF", Cif.Create, (_, _) => 1e-2, Cif.OptionsFor),
        Model.Of<CgnfOptions>("cgnf", "cGNF", Cgnf.Create, (_, _) => 5e-3, Cgnf.OptionsFor),
        Model.Of<FerumalOptions>("ferumal", "Ferumal flow", Ferumal.Create, (_, _) => 1e-2, Ferumal.OptionsFor),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(model => model.Name)];

    /// <summary>The model of a name, in upper or lower case.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Model Named(string name) =>
        All.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"Models: expected one of {string.Join(", ", Names)}, got '{name}'.");
}
